"""`make run`: set up, bring the database up to date, load the sample data once, then serve with the worker.

Standard library only. Settings: HOST and PORT (127.0.0.1:8000), DEMO=0 for an empty start, ZHIZE_… for everything else.
"""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import setup  # noqa: E402

ROOT, BIN = setup.ROOT, setup.BIN
FREE_BYTES = 200_000_000


def main():
    """Run the steps in order, each with one clear sentence when it fails."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    check_port(host, port)
    setup.main(dev=False)
    environment = served_environment(host, port)
    check_disk(environment["ZHIZE_DATA_DIR"])
    fetch_fonts(environment)
    prepare(environment)
    os.chdir(ROOT)
    os.execve(BIN / "gunicorn", ["gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"], environment)  # noqa: S606


def check_port(host, port):
    """Refuse a port that is not a number or is taken."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise setup.CannotSetUp(f"PORT must be a number from 1 to 65535, but is {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise setup.CannotSetUp(
                f"Port {port} on {host} cannot be used ({error.strerror}): stop what uses it, or choose another with `make run PORT=8001`."
            ) from None


def served_environment(host, port):
    """The server's environment: what the shell gave, and where it listens."""
    demo = os.environ.get("DEMO", "1") != "0"
    return {
        "ZHIZE_DATA_DIR": str(ROOT / "var"),
        "ZHIZE_PUBLIC_URL": f"http://{host}:{port}",
        "ZHIZE_DEMO": "1" if demo else "0",
        **os.environ,
        "HOST": host,
        "PORT": port,
        "FLASK_APP": "wsgi",
    }


def check_disk(folder):
    """Refuse a data folder that is full or cannot be written."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        probe = Path(folder) / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise setup.CannotSetUp(
            f"The data folder {folder} cannot be written ({error.strerror}): free some space or set ZHIZE_DATA_DIR."
        ) from None
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise setup.CannotSetUp(
            f"The disk with {folder} is full: {free // 1_000_000} MB are free, {FREE_BYTES // 1_000_000} MB are needed."
        )


def fetch_fonts(environment):
    """Fetch the document fonts beside the server's start: they make notices look better, and nothing waits for them."""
    script = ROOT / "deploy/fetch_fonts.py"
    fonts = Path(environment["ZHIZE_DATA_DIR"]) / "fonts"
    if script.exists() and not fonts.exists() and environment.get("FONTS", "1") != "0":
        log = open(Path(environment["ZHIZE_DATA_DIR"]) / "fonts.log", "w")  # noqa: SIM115 - the child keeps it
        subprocess.Popen([str(BIN / "python"), str(script)], cwd=ROOT, env=environment, stdout=log, stderr=log)


def prepare(environment):
    """Bring the database up to date; fill an empty one."""
    flask = [str(BIN / "flask"), "prepare", "--demo" if environment["ZHIZE_DEMO"] == "1" else "--no-demo"]
    done = subprocess.run(flask, cwd=ROOT, env=environment)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
