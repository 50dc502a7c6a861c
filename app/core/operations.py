"""What an operator does: back up, restore, check the installation (R70, R76, R77)."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import make_url, select, text

from app.core import audit, clock
from app.core.db import db, is_sqlite, sqlite_path
from app.core.files import StoredFile
from app.core.jobs import Schedule

LOW_DISK_BYTES = 1_000_000_000  # R16
BACKUP_HOURS = 26  # R76


class CannotBackUp(Exception):
    """A backup or restore that did not happen, in one sentence."""


def backup(folder):
    """Write a checked backup into a new folder below `folder`; return its path.

    The database goes by its own online method, never as a file copy; files and the secret are copied; the manifest holds every
    digest and the head of the audit chain. Raises CannotBackUp.
    """
    settings = current_app.extensions["settings"]
    target = Path(folder) / f"zhize-{clock.local(clock.now()):%Y%m%d-%H%M%S}"
    target.mkdir(parents=True, mode=0o700)
    head = db.session.get(audit.AuditHead, 1)
    manifest = {
        "made_at": clock.now().isoformat(),
        "audit_seq": head.seq if head else 0,
        "audit_seal": head.seal if head else audit.GENESIS,
    }
    db.session.rollback()
    name = _copy_sqlite(target) if is_sqlite() else _dump_postgres(target)
    files = settings.data_path / "files"
    if files.exists():
        shutil.copytree(files, target / "files")
    secret = settings.data_path / "secret.key"
    if secret.exists():
        shutil.copy2(secret, target / "secret.key")
    manifest |= {"database": name, "digests": _digests(target)}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return target


def _copy_sqlite(target):
    source = sqlite3.connect(f"file:{sqlite_path(current_app.extensions['settings'].database)}?mode=ro", uri=True)
    copy = sqlite3.connect(target / "zhize.db")
    with source, copy:
        source.backup(copy)
    if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise CannotBackUp("The copy of the database is not sound.")
    source.close()
    copy.close()
    return "zhize.db"


def _dump_postgres(target):
    url = make_url(current_app.extensions["settings"].database).set(drivername="postgresql")
    command = ["pg_dump", "--format=custom", f"--file={target / 'zhize.dump'}", url.render_as_string(hide_password=False)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - fixed command, no shell
    except FileNotFoundError:
        raise CannotBackUp("pg_dump was not found: install PostgreSQL's client programs.") from None
    if done.returncode:
        raise CannotBackUp(f"pg_dump failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no message'}")
    return "zhize.dump"


def _digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def restore(folder, into):
    """Put a SQLite backup into the empty folder `into`, after checking every digest; return the manifest. Raises CannotBackUp."""
    folder, into = Path(folder), Path(into)
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError):
        raise CannotBackUp(f"{folder} is no backup: it has no readable manifest.json.") from None
    if into.exists() and any(into.iterdir()):
        raise CannotBackUp(f"{into} is not empty: restore into an empty folder.")
    if _digests(folder) != manifest["digests"]:
        raise CannotBackUp("The backup has changed since it was made: its digests do not agree.")
    if manifest["database"] != "zhize.db":
        raise CannotBackUp(
            "This is a PostgreSQL dump: restore it with `pg_restore --clean --dbname=… zhize.dump`, and copy files/ beside it."
        )
    into.mkdir(parents=True, exist_ok=True)
    for name in ("zhize.db", "secret.key"):
        if (folder / name).exists():
            shutil.copy2(folder / name, into / name)
    if (folder / "files").exists():
        shutil.copytree(folder / "files", into / "files")
    _calm_down(into / "zhize.db")
    return manifest


def _calm_down(path):
    """End all sessions and hold back what was still to be sent, so that nothing goes out twice (R77)."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE sign_ins SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL")
        connection.execute(
            "UPDATE jobs SET state = 'dead', last_error = 'restored from a backup' WHERE state IN ('ready', 'running')"
        )
    connection.close()


@dataclass(frozen=True)
class Finding:
    """One thing the doctor looked at."""

    name: str
    ok: bool
    words: str


def examine():
    """Return the Findings on durability, disk, keys, files, worker, documents' fonts (R70)."""
    return [_durability(), _disk(), _secret(), _files(), _worker(), _fonts(), _chain()]


def _durability():
    if is_sqlite():
        level = db.session.execute(text("PRAGMA synchronous")).scalar()
        return Finding("durability", level == 2, f"SQLite synchronous={level} (2 = FULL)")
    level = db.session.execute(text("SHOW synchronous_commit")).scalar()
    return Finding("durability", level in ("on", "remote_apply"), f"PostgreSQL synchronous_commit={level}")


def _disk():
    usage = shutil.disk_usage(current_app.extensions["settings"].data_path)
    return Finding("disk", usage.free > LOW_DISK_BYTES, f"{usage.free // 1_000_000} MB free")


def _secret():
    path = current_app.extensions["settings"].data_path / "secret.key"
    if not path.exists():
        return Finding("secret", True, "from the environment")
    mode = path.stat().st_mode & 0o777
    return Finding("secret", mode == 0o600, f"{path} has mode {mode:o}")


def _files():
    lost = [row.id for row in db.session.scalars(select(StoredFile)) if not row.path.exists()]
    return Finding("files", not lost, f"{len(lost)} stored files are missing" if lost else "all stored files are there")


def _worker():
    row = db.session.scalars(select(Schedule).order_by(Schedule.next_run_at.desc()).limit(1)).one_or_none()
    late = row is None or (clock.now() - row.next_run_at).total_seconds() > 300
    return Finding("worker", not late, "no worker has run lately" if late else "running")


def _fonts():
    from app.core import pdf

    report = pdf.font_report()
    return Finding("fonts", True, str(report))


def _chain():
    count, broken = audit.verify()
    return Finding("audit", broken is None, f"{count} entries sound" if broken is None else f"entry {broken.seq}: {broken.why}")


def free_bytes():
    """Bytes free where the data lie; for the pages that warn (R16)."""
    return shutil.disk_usage(os.fspath(current_app.extensions["settings"].data_path)).free
