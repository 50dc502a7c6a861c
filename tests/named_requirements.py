"""Which of the numbered requirements (R1 … R86) no test names yet. `make test` prints them; it fails nothing."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent
LAST = 86


def named():
    """Return the numbers that a test's text names."""
    pattern = re.compile(r"\bR(\d{1,2})\b")
    return {int(number) for path in TESTS.rglob("*.py") if path != Path(__file__) for number in pattern.findall(path.read_text())}


def main():
    """Print the missing ones as a line."""
    missing = [f"R{number}" for number in range(1, LAST + 1) if number not in named()]
    print(f"requirements named by tests: {LAST - len(missing)} of {LAST}; not yet: {' '.join(missing)}")


if __name__ == "__main__":
    main()
