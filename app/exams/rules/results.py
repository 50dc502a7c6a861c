"""From scores to figures: outcomes, rates, mean and extremes, the histogram. Exact decimals; no database."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PASSED, FAILED, ABSENT, ON_LEAVE, WAITING = "passed", "failed", "absent", "on_leave", "waiting"
FEWEST_SHOWN = 5  # a group smaller than this shows no mean to other units (R53)
TENTH = Decimal("0.1")


def outcome(score, pass_mark, *, on_leave, is_over):
    """Return what became of a candidate: the pass mark itself passes; somebody on leave who sat is judged like anybody.

    score: the best score in points, None without a marked attempt. is_over: the sitting has closed.
    """
    if score is not None:
        return PASSED if score >= pass_mark else FAILED
    if on_leave:
        return ON_LEAVE
    return ABSENT if is_over else WAITING


@dataclass(frozen=True)
class Summary:
    """Figures of a group. Points are Decimals, None when nobody was present; `rate` is per cent of those present, one decimal."""

    due: int
    took: int
    absent: int
    on_leave: int
    passed: int
    mean: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None

    @property
    def failed(self):
        return self.took - self.passed

    @property
    def rate(self):
        return tenth(Decimal(100 * self.passed) / self.took) if self.took else None


def summary(rows):
    """Return the Summary of (outcome, score) pairs."""
    rows = list(rows)
    scores = [score for _, score in rows if score is not None]
    count = {name: sum(1 for found, _ in rows if found == name) for name in (PASSED, FAILED, ABSENT, ON_LEAVE)}
    mean = sum(scores, Decimal(0)) / len(scores) if scores else None
    return Summary(
        due=len(rows), took=len(scores), absent=count[ABSENT], on_leave=count[ON_LEAVE], passed=count[PASSED],
        mean=mean, highest=max(scores, default=None), lowest=min(scores, default=None),
    )  # fmt: skip


def tenth(value):
    """Return a Decimal with one decimal, halves up; None for None."""
    return None if value is None else Decimal(value).quantize(TENTH, ROUND_HALF_UP)


def histogram(scores, total, pass_mark, bins=20):
    """Return bins of equal width as {"from", "to", "count"}, from the first that holds somebody; one begins at the pass mark.

    Bins are half open and about total ÷ `bins` wide, in whole points, so that the pass line never cuts a bar; the last holds the total.
    """
    width = max(1, -(-int(total.to_integral_value(ROUND_HALF_UP)) // bins))
    places = [math.floor((score - pass_mark) / width) for score in scores]  # Decimal's // would cut towards zero
    last = max(int((total - pass_mark - 1) // width), 0)
    places = [min(place, last) for place in places]
    first = min([*places, 0])
    return [
        {
            "from": _plain(pass_mark + place * width),
            "to": _plain(pass_mark + (place + 1) * width - 1 if place < last else total),
            "count": places.count(place),
        }
        for place in range(first, last + 1)
    ]


def _plain(value):
    return int(value) if value == value.to_integral_value() else float(value)


def topic_shares(marks):
    """Return [(topic, share of points 0–1, times asked)] from (topic, points, max points), lowest share first."""
    sums = {}
    for topic, points, most in marks:
        got = sums.setdefault(topic, [Decimal(0), Decimal(0), 0])
        got[0] += points
        got[1] += most
        got[2] += 1
    shares = [(topic, got / most, times) for topic, (got, most, times) in sums.items() if most]
    return sorted(shares, key=lambda row: (row[1], row[0]))
