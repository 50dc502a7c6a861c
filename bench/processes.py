"""What processes cost, read from /proc: CPU of a whole family, memory with shared pages counted once."""

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(root):
    """Return the pids of a process and all its living descendants."""
    children = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(folder.name)
            if fields:
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(*roots):
    """Return the CPU time of the families of `roots` so far, user and system, with that of members that ended meanwhile."""
    total = 0
    for root in roots:
        for pid in family(root):
            fields = _stat(pid)
            total += sum(map(int, fields[11:15])) if fields else 0  # utime stime cutime cstime
    return total / TICKS


def pss_bytes(*roots):
    """Return the memory of the families of `roots`: the sum of PSS, in which a page shared by n processes counts 1/n in each."""
    total = 0
    for root in roots:
        for pid in family(root):
            total += _pss(pid)
    return total


class MemorySamples(threading.Thread):
    """Samples the memory of a process and its descendants every so many seconds, inside `with`; `highest` in bytes."""

    def __init__(self, pid, every):
        super().__init__(daemon=True)
        self.pid, self.every, self.highest, self._over = pid, every, 0, threading.Event()

    def run(self):
        while not self._over.wait(self.every):
            self.highest = max(self.highest, pss_bytes(self.pid))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()


def _stat(pid):
    """Return the fields of /proc/<pid>/stat after the name, or None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _pss(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def parent_of(pid):
    """Return the parent's pid."""
    return int(_stat(pid)[1])
