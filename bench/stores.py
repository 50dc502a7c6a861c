"""The two databases that figures are taken on, each empty, migrated, durable and on a disk, in a temporary folder."""

import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.config import ROOT
from app.core.db import db, is_sqlite
from bench import processes

NAMES = ("sqlite", "postgres")
IN_MEMORY = {"tmpfs", "ramfs"}
FULL = 2  # PRAGMA synchronous
SIZE = """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'"""


@dataclass
class Store:
    """One database with an app on it for seeding and looking; the measured server is another process."""

    name: str
    folder: Path
    app: object
    database_pid: int | None  # of PostgreSQL's first process

    @property
    def environment(self):
        """What a server needs to run on this database."""
        settings = self.app.extensions["settings"]
        return {**os.environ, "ZHIZE_DATABASE_URL": settings.database, "ZHIZE_DATA_DIR": settings.data_dir}

    @property
    def database_pids(self):
        return [self.database_pid] if self.database_pid else []

    def size(self):
        """Return the bytes of the database: the file after a checkpoint, or all tables with indexes and dead rows."""
        with self.app.app_context():
            if self.name == "postgres":
                found = int(db.session.scalar(text(SIZE)))
                db.session.remove()
                return found
            with db.engine.connect() as connection:
                raw = connection.connection.driver_connection
                busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                assert not busy, "the checkpoint found a reader"
            return Path(db.engine.url.database).stat().st_size

    def release(self):
        """Let go of all connections, before a server starts."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def opened(name, **settings):
    """Yield an empty Store whose app has these settings; everything of it is gone afterwards."""
    tempfile.tempdir = _disk()
    folder = Path(tempfile.mkdtemp(prefix="zhize-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder}/zhize.db"
        if name == "postgres":
            from tests.postgres import running_server

            url = stack.enter_context(running_server())
        app = create_app({"database_url": url, "data_dir": str(folder), "log_level": "ERROR", "demo": False, **settings})
        with app.app_context():
            upgrade()
            pid = _check_durable()
            db.session.remove()
        store = Store(name, folder, app, pid)
        stack.callback(store.release)
        yield store


def _check_durable():
    """Raise unless every commit is synced; return the pid of PostgreSQL's first process, or None."""
    if is_sqlite():
        found = db.session.scalar(text("PRAGMA synchronous"))
        assert found == FULL, f"SQLite would not sync every commit: synchronous = {found}"
        return None
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        found = db.session.scalar(text(f"SHOW {setting}"))
        assert found == "on", f"PostgreSQL would not sync every commit: {setting} = {found}"
    return processes.parent_of(db.session.scalar(text("SELECT pg_backend_pid()")))


def _disk():
    """Return the folder for temporary data: the usual one, unless that is memory, where a sync costs nothing."""
    usual = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108
    mounts = (line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines())
    place, kind = max((found for found in mounts if _is_below(usual, found[0])), key=lambda found: len(found[0]))
    if kind not in IN_MEMORY:
        return usual
    (ROOT / "var").mkdir(exist_ok=True)
    return str(ROOT / "var")


def _is_below(path, mount):
    return mount == "/" or path == mount or path.startswith(mount.rstrip("/") + "/")
