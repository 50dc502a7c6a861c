"""Set up on a machine that has only Python 3.11+ with venv and pip: environment, locked packages, translations, fonts.

Standard library only; each step is skipped when the digest of its inputs is that of the last time.
Usage: python3 deploy/setup.py [dev]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
OLDEST = (3, 11)
FREE_BYTES = 1_200_000_000  # what environment, database and fonts need


class CannotSetUp(SystemExit):
    """One sentence that says what is wrong and what to do."""


def main(dev):
    """Run the steps; raises CannotSetUp."""
    check_machine()
    make_environment()
    install("requirements.txt")
    if dev:
        install("requirements-dev.txt")
    compile_translations()


def check_machine():
    """Refuse an old Python and a full disk before anything is begun."""
    if sys.version_info < OLDEST:
        raise CannotSetUp(
            f"知责 needs Python 3.11 or newer, but this is {sys.version.split()[0]}: install it, or run `make PYTHON=/path/to/python3.11 run`."
        )
    free = shutil.disk_usage(ROOT).free
    if not VENV.exists() and free < FREE_BYTES:
        raise CannotSetUp(
            f"The disk is full: {free // 1_000_000} MB are free, {FREE_BYTES // 1_000_000} MB are needed. Free some space and run this again."
        )


def make_environment():
    """Make the virtual environment with uv in it, once."""
    if (BIN / "uv").exists():
        return
    say("making the Python environment")
    if not (BIN / "python").exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            raise CannotSetUp(
                f"Python's venv does not work here ({_last_line(made.stdout + made.stderr)}): install python3-venv and run this again."
            )
    run([BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", "deploy/requirements-uv.txt"],
        "pip could not fetch the installer")  # fmt: skip


def install(lock):
    """Install a lock file's packages, each checked against its hash."""
    stamp = VENV / f"stamp-{lock}"
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"installing {lock}")
    run(
        [BIN / "uv", "pip", "install", "--quiet", "--system-certs", "--require-hashes", "--python", BIN / "python", "-r", lock],
        "the locked packages could not be installed",
    )
    stamp.write_text(digest)


def compile_translations():
    """Compile the interface's Chinese, when its source is newer."""
    source = ROOT / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        run([BIN / "python", "-m", "app.messages", "compile"], "the translations could not be compiled")


def run(command, failure):
    """Run a step; on failure raise CannotSetUp with the step's last line."""
    environment = {**os.environ, "PIP_NO_INPUT": "1"}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise CannotSetUp(
            f"Set-up stopped: {failure} ({_last_line(done.stderr or done.stdout)}). Check the network and the free disk space, then run this again."
        )


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"


def say(what):
    """Tell the person what is being done."""
    print(f"知责: {what} …", flush=True)


if __name__ == "__main__":
    main(dev="dev" in sys.argv[1:])
