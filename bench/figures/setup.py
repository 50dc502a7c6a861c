"""`make run` in a fresh clone with an empty home until the first page; then once more, with everything in place.

The clone is of the last commit, so what is not committed is not measured. Whether the installers' caches were cold is told.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from app.config import ROOT
from bench.results import at_most
from bench.server import free_port

MOST_COLD, MOST_WARM = 60, 5
PATIENCE = 300  # seconds for the first page
STOPPING = 60
CACHES = ("PIP_CACHE_DIR", "UV_CACHE_DIR", "XDG_CACHE_HOME")
NOT_OURS = ("ZHIZE_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "PYTHON", "XDG_CONFIG", "XDG_DATA", "FLASK_")


def measure(name, options):
    """Return the rows: seconds to the first page, and what was printed when it fails."""
    folder = Path(tempfile.mkdtemp(prefix="zhize-setup-"))
    try:
        clone, home = folder / "zhize", folder / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, timeout=120)
        seconds = [_to_first_page(clone, home) for _ in range(2)]
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=clone, capture_output=True, text=True, check=True
        ).stdout.strip()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    given = [variable for variable in CACHES if os.environ.get(variable)]
    note = f"set-up of commit {commit} with an empty home; caches of pip and uv: " + (
        f"as {', '.join(given)} has them" if given else "cold"
    )
    rows = [
        at_most("cold set-up to first page", name, seconds[:1], "s", MOST_COLD),
        at_most("second `make run` to first page", name, seconds[1:], "s", MOST_WARM),
    ]
    return rows, [note]


def _to_first_page(clone, home):
    """Run `make run` until its first page; return the seconds; stop it and all that it started."""
    port = free_port()
    log = home.parent / "run.log"
    begun = time.monotonic()
    with open(log, "w") as output:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=clone,
            env=_environment(home),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for_page(process, port, log)
        return time.monotonic() - begun
    finally:
        _stop_group(process)


def _environment(home):
    """Return the environment of somebody who has just arrived: an empty home, and nothing that points back here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return {**kept, "HOME": str(home)}


def _wait_for_page(process, port, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"`make run` gave no page\n{log.read_text()[-2000:]}")


def _stop_group(process):
    """End the process group that we started: make, the server, its worker, the fetching of fonts."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            continue
        if _is_gone(process.pid):
            break


def _is_gone(group, seconds=STOPPING):
    """Wait until no process of the group is left; return whether that came true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
