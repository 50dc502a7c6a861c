"""Files that people upload or the app makes: stored under a random name outside static/, found through a row (R57)."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, UTCDateTime, db


class StoredFile(Model):
    """One stored file: its label, kind, size and digest. Who may read it is decided by what it belongs to."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)

    @property
    def path(self):
        """Where the bytes are."""
        return _folder() / self.token[:2] / self.token

    def read(self):
        """Return the bytes; raises ValueError when they are not those that were stored (R33)."""
        data = self.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ValueError(f"stored file {self.id} has changed on disk")
        return data


def _folder():
    return Path(current_app.extensions["settings"].data_dir) / "files"


def store(data, filename, media_type, *, owner_id=None, expires_at=None):
    """Write the bytes durably, then add the row to the present unit of work; return it."""
    row = StoredFile(
        token=secrets.token_urlsafe(32), filename=filename[:200], media_type=media_type, size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(), owner_id=owner_id, created_at=clock.now(), expires_at=expires_at,
    )  # fmt: skip
    row.path.parent.mkdir(parents=True, exist_ok=True)
    with open(row.path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    db.session.add(row)
    db.session.flush()
    return row


def download(data, filename, media_type, *, inline=False):
    """Return a response that hands the bytes over as a file (R57: attachment, nosniff, sandbox)."""
    response = Response(data, mimetype=media_type)
    kind = "inline" if inline else "attachment"
    plain = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._-") else "_" for ch in filename) or "file"
    response.headers["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
