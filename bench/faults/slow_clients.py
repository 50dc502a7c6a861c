"""Connections that send their requests byte by byte: `python -m bench.faults.slow_clients [--connections N]` (R71).

Serves the real app with gunicorn on loopback, holds so many slow connections open, and asks for a page meanwhile: once directly
(the control: gunicorn alone must be seen to suffer), once through nginx with the shipped `deploy/nginx.conf`, of which only
names, ports and certificates are changed. Needs nginx; `NGINX=/path/to/nginx` names another one.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from app.config import ROOT
from bench import server, stores

ASKED, PATIENCE = 20, 5  # pages asked for, and seconds that each may take
BYTE_EVERY = 1.0  # seconds
BEGINNING = b"GET /signin HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
CHANGES = (  # of the shipped file: no name, no certificate, loopback ports of the trial
    (r"server \{\s+listen 80;.*?\n\}\n", ""),
    (r"\s+ssl_[^;]+;", ""),
    (r"server_name [^;]+;", "server_name _;"),
    (r"listen 443 ssl;", "listen 127.0.0.1:{port};"),
    (r"server 127\.0\.0\.1:8000;", "server 127.0.0.1:{app};"),
)


class SlowConnections:
    """Holds connections that are never done with their request, inside `with`."""

    def __init__(self, port, count):
        self._sockets, self._over = [], threading.Event()
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            connection.sendall(BEGINNING)
            self._sockets.append(connection)
        self.cut_off = 0
        self._thread = threading.Thread(target=self._drip, daemon=True)

    def _drip(self):
        while not self._over.wait(BYTE_EVERY):
            for connection in list(self._sockets):
                try:
                    connection.sendall(b"x")
                except OSError:
                    self.cut_off += 1
                    self._sockets.remove(connection)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        for connection in self._sockets:
            connection.close()


def ask(port):
    """Return (pages that came, the longest seconds one of them took)."""
    came, longest = 0, 0.0
    for _ in range(ASKED):
        begun = time.perf_counter()
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/signin", timeout=PATIENCE) as answer,
        ):
            came += answer.status == 200
            longest = max(longest, time.perf_counter() - begun)
    return came, round(longest, 3)


@contextlib.contextmanager
def proxied(nginx, folder, app_port):
    """Run nginx by the shipped file before the app; yield its port."""
    port = server.free_port()
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    for pattern, wanted in CHANGES:
        shipped, count = re.subn(
            pattern, wanted.replace("{port}", str(port)).replace("{app}", str(app_port)), shipped, flags=re.DOTALL
        )
        assert count, f"deploy/nginx.conf has nothing like {pattern}"
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{ worker_connections 2048; }}\n"
        f"http {{\naccess_log off;\n{temporary}{shipped}}}\n"
    )
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def trial(name, port, count):
    """Return what happened to ordinary requests while slow connections were held."""
    quiet = ask(port)
    with SlowConnections(port, count) as slow:
        time.sleep(2)
        came, longest = ask(port)
        return {
            "trial": name,
            "slow": count,
            "cut_off": slow.cut_off,
            "quiet": quiet[0],
            "answered": came,
            "asked": ASKED,
            "longest_s": longest,
        }


def main():
    """Run control and trial; exit with 1 when the proxy did not help, or the control showed nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=400)
    count = parser.parse_args().connections
    nginx = os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        raise SystemExit("This trial needs nginx: install it with `sudo apt-get install nginx-light`, or set NGINX to its path.")
    with stores.opened("sqlite") as store, server.running(store) as served:
        with proxied(nginx, store.folder, served.port) as port:
            behind = trial("behind nginx", port, count)
        alone = trial("gunicorn alone (control)", served.port, count)
    for found in (behind, alone):
        print(json.dumps(found, ensure_ascii=False), flush=True)
    helped = behind["answered"] == ASKED
    if alone["answered"] == ASKED:
        print("The control was answered too: this machine shows no difference.")
    return 0 if helped and alone["answered"] < ASKED else 1


if __name__ == "__main__":
    sys.exit(main())
