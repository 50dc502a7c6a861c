"""The save path on the real databases: fully synced, honest when the disk is not, fair to what arrived in time."""

import sqlite3
import threading
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from app.core import clock
from app.core.db import db
from app.exams.service import saving
from tests.exams.conftest import GRACE


@pytest.fixture
def own_store(app):
    """A store of the kind that the writer uses, on the run's database."""
    store = saving._store(app.extensions["settings"], app.extensions["write_gate"])
    yield store
    store.close()


def test_every_commit_of_the_writer_is_synced(own_store):  # R12
    if isinstance(own_store._db, sqlite3.Connection):
        assert own_store._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert own_store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    else:
        assert own_store._db.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_database_that_would_not_sync_takes_no_answers(app, sitter, monkeypatch):  # R12
    from app.exams.saves import postgres, sqlite

    def lazy(connection):
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")

    monkeypatch.setattr(sqlite, "prepare_sqlite", lazy)
    monkeypatch.setattr(postgres, "SETTINGS", {"synchronous_commit": "off"})
    app.extensions["save_writer"].stop()
    assert sitter.save((1, ["B"])).status_code == 503
    monkeypatch.undo()
    assert sitter.save((1, ["B"])).status_code == 200


class FailingStore:
    """A store whose commits fail."""

    def __init__(self, store, error):
        self._store, self._error = store, error

    def __getattr__(self, name):
        return self._fail if name == "save_plain" and hasattr(self._store, name) else getattr(self._store, name)

    def _fail(self, requests, grace):
        raise self._error

    @contextmanager
    def transaction(self, writes):
        with self._store.transaction(writes):
            yield
            raise self._error


@pytest.fixture
def failing_disk(app, monkeypatch):
    """`failing_disk(error)`: from now on every commit of answers fails; call the returned function to heal the disk."""
    healthy = saving._store

    def fail(error):
        app.extensions["save_writer"].stop()
        monkeypatch.setattr(saving, "_store", lambda settings, gate: FailingStore(healthy(settings, gate), error))
        return lambda: monkeypatch.setattr(saving, "_store", healthy)

    yield fail
    app.extensions["save_writer"].stop()


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("database or disk is full"), psycopg.errors.DiskFull(), OSError(5, "EIO")]
)
def test_a_full_disk_is_answered_503_and_service_resumes_by_itself(sitter, failing_disk, error):  # R16
    heal = failing_disk(error)
    answer = sitter.save((1, ["B"]))
    assert (answer.status_code, answer.json) == (503, {"state": "failed"})
    assert int(answer.headers["Retry-After"]) > 0
    assert sitter.save((1, ["B"]), final=True).status_code == 503
    assert sitter.stored() == {}
    heal()
    assert sitter.save((1, ["B"])).status_code == 200
    assert sitter.stored() == {1: ["B"]}


def test_a_plain_form_is_told_in_words_when_the_disk_is_full(sitter, failing_disk):  # R16, R66
    failing_disk(OSError(28, "ENOSPC"))
    answer = sitter.browser.post(f"/attempts/{sitter.id}/answers", data={"token": sitter.token, "go": "save"})
    assert answer.status_code == 503
    assert "服务器暂时无法保存" in answer.text
    assert answer.headers["Retry-After"] == "3"


@contextmanager
def held(app, attempt_id):
    """Keep every writer of this attempt waiting, as a slow disk or a long queue would."""
    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            with app.extensions["write_gate"]():
                yield
            return
        connection.execute(text("SELECT id FROM attempts WHERE id = :id FOR UPDATE"), {"id": attempt_id})
        yield
        connection.rollback()


def test_waiting_in_our_queue_makes_no_answer_late(app, sitter, set_clock):  # R4
    due = sitter.row().due_at
    set_clock(due + GRACE - timedelta(seconds=1))
    answers = []
    with held(app, sitter.id):
        saving_thread = threading.Thread(target=lambda: answers.append(sitter.save((1, ["B"]))))
        saving_thread.start()
        while app.extensions["save_limits"]._kept.get(sitter.id) is None:
            pass  # until the request is in
        stamp = clock.monotonic()
        while clock.monotonic() - stamp < 0.3:
            pass
        set_clock(due + GRACE + timedelta(seconds=4))
    saving_thread.join()
    assert answers[0].status_code == 200
    assert sitter.stored() == {1: ["B"]}


def test_the_proxys_stamp_counts_only_behind_a_trusted_proxy():  # R4
    from app.exams.arrivals import arrival

    now = clock.now()
    stamp = f"t={(now - timedelta(seconds=5)).timestamp():.3f}"
    assert abs(arrival({"HTTP_X_REQUEST_START": stamp}, True) - (now - timedelta(seconds=5))) < timedelta(milliseconds=2)
    assert arrival({"HTTP_X_REQUEST_START": stamp}, False) >= now
    for strange in ("t=1", "t=99999999999", "x", "t=nan", "t=-inf", "t=1e400"):
        assert arrival({"HTTP_X_REQUEST_START": strange}, True) >= now
