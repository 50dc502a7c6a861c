"""`python -m bench [--quick] [NAME …]`: measure all figures, or the named ones; print the table; write results.json.

--quick: short runs, to try the benchmarks; nothing is written. --readme: put the table into bench/README.md too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import figures, results

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 900  # seconds for one figure on one store
UNWINDING = 60


def main(words=None):
    """Run; exit with 1 when a target was missed or a figure could not be measured."""
    wanted = _parser().parse_args(words)
    names = wanted.names or list(figures.STORES)
    computer = machine()
    print(computer, flush=True)
    earlier = [row for row in results.read() if row.figure not in names] if wanted.names or wanted.store else []
    rows, notes = [], []
    for name in names:
        for store in figures.STORES[name]:
            if wanted.store and store not in (wanted.store, "-"):
                continue
            own_rows, own_notes = measured(name, store, "quick" if wanted.quick else "full")
            rows += own_rows
            notes += own_notes
            if not wanted.quick:
                results.write(results.merged(rows, earlier))
    _tell(rows, notes)
    if wanted.readme and not wanted.quick:
        results.write_readme(results.read(), [computer, *notes])
    return 0 if all(row.ok for row in rows) else 1


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure the app; the figures: " + ", ".join(figures.STORES)
    )
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*figures.STORES, []], help="only these figures")
    parser.add_argument("--quick", action="store_true", help="short runs, nothing is written")
    parser.add_argument("--readme", action="store_true", help="put the table into bench/README.md")
    parser.add_argument("--store", choices=["sqlite", "postgres"], help="only on this database")
    return parser


def measured(name, store, how):
    """Measure one figure in a process of its own; return (rows, notes). A failure becomes a failed row."""
    print(f"— {name} on {store}" if store != "-" else f"— {name}", flush=True)
    begun = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        code = _run([sys.executable, "-m", "bench.child", name, store, how, file.name])
        text = Path(file.name).read_text(encoding="utf-8")
    print(f"  {time.monotonic() - begun:.0f} s", flush=True)
    if code or not text:
        return [results.failed(name, store)], [f"{name} on {store}: could not be measured"]
    found = json.loads(text)
    return [results.Row(**row) for row in found["rows"]], found["notes"]


def _run(command):
    """Run a child to its end, or to ours; return its exit code."""
    child = subprocess.Popen(command, cwd=ROOT)
    try:
        return child.wait(LONGEST)
    except subprocess.TimeoutExpired:
        print(f"  stopped after {LONGEST} s", flush=True)
        return 1
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(UNWINDING)
            except subprocess.TimeoutExpired:
                child.kill()


def _tell(rows, notes):
    print("\n".join(["", *results.table(rows), "", *(f"- {note}" for note in notes)]))
    missed = [row for row in rows if not row.ok]
    for row in missed:
        print(f"MISSED: {row.figure} on {row.store}: {row.value} {row.unit}, ratio {row.ratio}, target {row.target}")
    print(f"{len(rows) - len(missed)} of {len(rows)} figures ok", flush=True)


def machine():
    """Return one line about the computer and how busy it is: a shared one gives lower figures."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")
    load = os.getloadavg()
    return f"{os.cpu_count()} × {model}, Python {sys.version.split()[0]}, load before the run {load[0]:.1f} (1 min) {load[1]:.1f} (5 min)"


if __name__ == "__main__":
    sys.exit(main())
