"""The measured server: gunicorn by the project's own configuration, with the worker, on a loopback port of the benchmarks."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

from app.config import ROOT

PORTS = range(8480, 8500)
START_SECONDS, STOP_SECONDS = 60, 30
GUNICORN = ROOT / ".venv/bin/gunicorn"
REAL, SIDE_BY_SIDE = "wsgi:app", "bench.served:app"


@dataclass
class Server:
    """A running server and how to reach it."""

    pid: int
    port: int

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(store, application=REAL):
    """Serve `application` on the store; yield the Server; stop it at the end."""
    store.release()
    port = free_port()
    environment = {**store.environment, "HOST": "127.0.0.1", "PORT": str(port), "ZHIZE_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    log = store.folder / "server.log"
    command = [GUNICORN, "--config", "deploy/gunicorn.conf.py", application]
    with open(log, "w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        wait_until_ready(process, port, log)
        yield Server(process.pid, port)
    finally:
        stop(process)
        _tell_errors(log)


def free_port():
    """Return the first port of ours that nobody uses."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"all ports from {PORTS.start} to {PORTS.stop - 1} are taken")


def wait_until_ready(process, port, log, path="/readyz", seconds=START_SECONDS):
    """Wait for the first 200; raises RuntimeError with the end of the log."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"no answer from the server\n{log.read_text()[-2000:]}")


def stop(process):
    """End a process that we started: politely, then at once."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tell_errors(log):
    """Print what the server complained about, so that no error hides in a good figure."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if '"level": "error"' in line or "Traceback" in line]
    for line in lines[:3]:
        print(f"  server: {line[:300]}", flush=True)
