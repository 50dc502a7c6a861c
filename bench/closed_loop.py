"""The closed loop: 64 connections that ask again as soon as they are answered. By wrk, or by a client of our own where there is none."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.config import ROOT

HERE = Path(__file__).resolve().parent
CONNECTIONS, THREADS = 64, 2
SEQUENCES_OF_A_RUN = 10_000_000
PATHS = {("save", "app"): None, ("save", "bare"): "/bare/save", ("save", "naive"): "/naive/attempts/ATTEMPT/responses",
         ("page", "app"): None, ("page", "bare"): "/bare/page"}  # fmt: skip


@dataclass(frozen=True)
class Load:
    """What one run of the closed loop saw."""

    requests: int
    seconds: float
    bytes: int
    p99_ms: float
    refused: int  # answers with an error status
    broken: int  # connections refused, lost or timed out

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def is_sound(self):
        return self.requests > 0 and not self.refused and not self.broken


class Loop:
    """Runs of the closed loop against one server. Each run's sequences lie above those of the runs before."""

    def __init__(self, server, takers, folder):
        self.server, self.takers, self.folder, self.round = server, takers, folder, 0

    def run(self, what, whom, seconds):
        """Return the Load of `what` (save, page) asked of `whom` (app, bare, naive)."""
        self.round += 1
        order = {"WHAT": what, "PATH": PATHS[what, whom], "BASE": self.round * SEQUENCES_OF_A_RUN, "ROUND": self.round * 7}
        run = self._wrk if client() == "wrk" else self._own
        return Load(**run(order, seconds))

    def _wrk(self, order, seconds):
        script = self.folder / "closed_loop.lua"
        if self.round == 1:
            takers = ",".join(f'{{{t.attempt},"{t.token}","{t.cookie}"}}' for t in self.takers)
            (self.folder / "takers.lua").write_text(f"TAKERS = {{{takers}}}\n")
        values = "".join(f"{name} = {json.dumps(value) if value is not None else 'nil'}\n" for name, value in order.items())
        parts = [f'dofile("{self.folder / "takers.lua"}")\n', values, (HERE / "closed_loop.lua").read_text()]
        script.write_text("".join(parts))
        command = [
            "wrk",
            f"-t{THREADS}",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            self.server.url,
        ]
        return _result(command, seconds)

    def _own(self, order, seconds):
        takers = self.folder / "takers.json"
        if self.round == 1:
            takers.write_text(json.dumps([[t.attempt, t.token, t.cookie] for t in self.takers]))
        words = [json.dumps({**order, "seconds": seconds, "port": self.server.port}), str(takers)]
        return _result([sys.executable, "-m", "bench.own_client", *words], seconds)


def _result(command, seconds):
    """Run a client; return the fields of its RESULT line."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise RuntimeError(f"the client gave no result: {(done.stderr or done.stdout)[-500:]}")
    return json.loads(lines[0][len("RESULT ") :])


@lru_cache
def client():
    """Return "wrk", installing Debian's where that can be done, else "own". BENCH_CLIENT=own asks for our own."""
    if os.environ.get("BENCH_CLIENT") == "own":
        return "own"
    if not shutil.which("wrk") and shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "wrk"]):
            try:
                subprocess.run([*root, *command], env=environment, capture_output=True, timeout=120)
            except (OSError, subprocess.TimeoutExpired):
                break
    return "wrk" if shutil.which("wrk") else "own"


def in_words():
    """Return by what the closed loop was run, for the notes."""
    return "wrk" if client() == "wrk" else "our own client, as there is no wrk"
