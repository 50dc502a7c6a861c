"""Connections for the lanes' own reads, kept open between requests; as many as requests ever read at once."""

import os
import sqlite3
from collections import deque
from contextlib import contextmanager

import psycopg

from app.core.db import prepare_sqlite, sqlite_path
from app.exams.saves.postgres import BY_KEY


class Connections:
    """A stack of raw connections to `url`, each used by one request at a time. Starts empty in a forked process.

    prepare: called with every new connection.
    """

    def __init__(self, url, prepare):
        self.dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
        self._url = sqlite_path(url) if self.dialect == "sqlite" else url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._free, self._prepare = deque(), prepare
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self):
        self._free = deque()

    @contextmanager
    def one(self):
        """Lend a connection; one that failed is closed and not used again."""
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._open()
            self._prepare(connection)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._free.append(connection)

    def _open(self):
        if self.dialect == "postgresql":
            options = " ".join(f"-c {name}={value}" for name, value in BY_KEY.items())
            return psycopg.connect(self._url, autocommit=True, connect_timeout=5, prepare_threshold=0, options=options)
        connection = sqlite3.connect(self._url, check_same_thread=False)  # one request at a time, whichever thread
        prepare_sqlite(connection)
        return connection

    def close(self):
        """Close the free connections."""
        while self._free:
            self._free.pop().close()
