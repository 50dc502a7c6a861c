"""Measures one figure on one store in a process of its own, and leaves rows and notes in a file for `python -m bench`.

Usage: python -m bench.child NAME STORE full|quick FILE
"""

import json
import signal
import sys
from dataclasses import asdict

from bench import figures, options


def main(name, store, how, path):
    """Measure; a SIGTERM unwinds everything that was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    rows, notes = figures.measure(name, store, options.QUICK if how == "quick" else options.FULL)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"rows": [asdict(row) for row in rows], "notes": notes}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
