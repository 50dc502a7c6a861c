"""One row per figure: what was measured, beside what, against which target; as a table, as results.json, in the README."""

import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS, README = HERE / "results.json", HERE / "README.md"
FIELDS = ("figure", "store", "value", "unit", "ceiling", "ratio", "target", "ok", "repeats")
BEGIN, END = "<!-- last figures: begin -->", "<!-- last figures: end -->"


@dataclass(frozen=True)
class Row:
    """The fields of results.json; the README describes them."""

    figure: str
    store: str  # sqlite | postgres | - (no database in it)
    value: float | None
    unit: str
    ceiling: float | None  # what the value was compared with in the same run
    ratio: float | None
    target: str | None  # "≥ 0.30" or "≤ 100": of the ratio where there is one, else of the value
    ok: bool
    repeats: int


def at_most(figure, store, values, unit, limit):
    """Return the Row of a figure that must not be above `limit`; its value is the median of the values."""
    value = statistics.median(values)
    return Row(figure, store, rounded(value), unit, None, None, f"≤ {limit:,}", value <= limit, len(values))


def told(figure, store, values, unit, beside=()):
    """Return the Row of a figure without a target; `beside`: the same of the ceiling, in the same order."""
    ceiling = rounded(statistics.median(beside)) if beside else None
    return Row(figure, store, rounded(statistics.median(values)), unit, ceiling, None, None, True, len(values))


def compared(figure, store, pairs, unit, least, sound=True):
    """Return the Row of A ÷ B: pairs of (A, B) taken one after the other; the ratio is the median of the pairs' ratios.

    least: what the ratio must reach; None where it only informs. sound: False when some of what was counted was an error, which
    fails the figure whatever its ratio.
    """
    if not all(b for _, b in pairs):
        raise RuntimeError(f"{figure}: what it is compared with gave nothing")
    ratio = statistics.median(a / b for a, b in pairs)
    value, ceiling = (rounded(statistics.median(side)) for side in zip(*pairs, strict=True))
    target = None if least is None else f"≥ {least:.2f}"
    ok = sound and (least is None or ratio >= least)
    return Row(figure, store, value, unit, ceiling, round(ratio, 3), target, ok, len(pairs))


def failed(figure, store, unit=""):
    """Return the Row of a figure that could not be measured."""
    return Row(figure, store, None, unit, None, None, None, False, 0)


def rounded(value):
    """Return a value with about three digits, whole ones kept whole."""
    return round(value) if abs(value) >= 100 or value == round(value) else float(f"{value:.3g}")


def table(rows):
    """Return the rows as lines of a Markdown table, columns aligned."""
    cells = [FIELDS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(FIELDS))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _cells(row):
    numbers = ["" if number is None else f"{number:,}" for number in (row.value, row.ceiling)]
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    ok = "MISSED" if not row.ok else "ok" if row.target else ""
    return row.figure, row.store, numbers[0], row.unit, numbers[1], ratio, row.target or "", ok, str(row.repeats)


def merged(rows, earlier):
    """Return `earlier` with the rows of this run in the places of the same figure and store; new ones at the end."""
    fresh = {(row.figure, row.store): row for row in rows}
    kept = [fresh.pop((row.figure, row.store), row) for row in earlier]
    return [*kept, *fresh.values()]


def read():
    """Return the stored rows; none when there is no file, or one of another shape."""
    try:
        return [Row(**fields) for fields in json.loads(RESULTS.read_text(encoding="utf-8"))]
    except (FileNotFoundError, TypeError, ValueError):
        return []


def write(rows):
    """Write results.json, one row a line."""
    lines = ",\n".join(json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    RESULTS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def write_readme(rows, notes, path=README):
    """Put the table and the notes between the README's two marks."""
    text = path.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    middle = "\n".join([BEGIN, *table(rows), "", *(f"- {note}" for note in notes), END])
    path.write_text(before + middle + after, encoding="utf-8")
