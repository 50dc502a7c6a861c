"""Static files: served gzipped, under addresses that carry a digest of the whole folder, so that browsers keep them for good.

One digest for all files, not one each: a script's `import "./timer.js"` then leads to a kept address too.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, current_app, send_from_directory
from whitenoise import WhiteNoise

from app.core import security
from app.core.access import public

LIFETIME = 365 * 24 * 3600  # seconds
KEPT = 3  # versions: a process that is being replaced still serves its own
PACKED = {".css", ".js", ".svg", ".json", ".txt"}
bp = Blueprint("assets", __name__)


def init_app(app):
    """Serve `app.static_folder` ahead of Flask. The gzipped copy lies in the data folder; under test none is made."""
    folder = Path(app.static_folder)
    assets = app.extensions["assets"] = Assets(folder)
    app.register_blueprint(bp)
    settings = app.extensions.get("settings")
    root = folder if app.testing or settings is None else packed_copy(folder, settings.data_path / "static", assets.version)
    is_secure = settings is not None and settings.public_url.startswith("https:")
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=root,
        prefix=assets.prefix,
        allow_all_origins=False,
        max_age=LIFETIME,
        immutable_file_test=lambda path, url: True,
        add_headers_function=lambda headers, path, url: _add_headers(headers, is_secure),
    )


class Assets:
    """The files of one folder, and their addresses."""

    def __init__(self, folder):
        digests = digests_of(folder)
        self.version = hashlib.sha256(repr(digests).encode()).hexdigest()[:12]
        self.prefix = f"/static/{self.version}/"
        self._urls = {path: self.prefix + path for path, _ in digests}

    def url(self, path):
        """Return the address of a file. Raises KeyError for one that is not there."""
        return self._urls[path]


@lru_cache
def digests_of(folder):
    """Return ((path, sha256), …) of all files below a folder, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)


def packed_copy(folder, place, version):
    """Return a copy of the folder with each text gzipped beside it, made once for each version; the oldest copies are removed."""
    made = place / version
    if not made.exists():
        place.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=place))
        shutil.copytree(folder, fresh, dirs_exist_ok=True)
        for path in [path for path in fresh.rglob("*") if path.suffix in PACKED]:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        fresh.chmod(0o755)
        _put(fresh, made)
        for old in sorted(place.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return made


def _put(fresh, made):
    """Move a copy to its place, unless another process was quicker."""
    os.utime(fresh)
    try:
        os.rename(fresh, made)
    except OSError:
        shutil.rmtree(fresh)


def _add_headers(headers, is_secure):
    """The headers that every answer has (R64)."""
    for name, value in security.HEADERS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = security.POLICY
    if is_secure:
        headers["Strict-Transport-Security"] = security.HSTS


def asset(path):
    """Return the address of a static file."""
    return current_app.extensions["assets"].url(path)


@bp.get("/static/<string(length=12):version>/<path:filename>")
@public
def other_version(version, filename):
    """A page from before an update asks for its own version's file: today's is better than none."""
    return send_from_directory(current_app.static_folder, filename)
