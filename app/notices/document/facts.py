"""The frozen facts of one confirmed test, and how official documents write figures, dates and numbers.

Whoever confirms results fills a Facts once; both kinds of notice are composed from it and from nothing else.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.core import clock

FEWEST_COMPARED = 3  # units with fewer people present are not compared with others (facts/notice.md §7)
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Figures:
    """Counts of people, and points; mean, highest and lowest are None when nobody took the test."""

    due: int
    took: int
    on_leave: int
    absent: int
    passed: int
    mean: Decimal | None = None
    highest: Decimal | None = None
    lowest: Decimal | None = None

    @property
    def failed(self):
        return self.took - self.passed

    @property
    def pass_rate(self):
        """Per cent of those present, one decimal; None when nobody was."""
        return percent(self.passed, self.took)

    @property
    def is_compared(self):
        return self.took >= FEWEST_COMPARED


@dataclass(frozen=True)
class UnitFigures:
    """One unit's name and figures."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Listed:
    """One person in a unit's list: failed with a score, or absent with None. `topics`: where points were lost."""

    name: str
    position: str
    unit: str
    score: Decimal | None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class WeakTopic:
    """A topic and the share (0 to 1) of its points that was obtained."""

    topic: str
    share: Decimal


@dataclass(frozen=True)
class Earlier:
    """The last test of the same kind, when the two may be compared."""

    title: str
    pass_rate: Decimal
    mean: Decimal


@dataclass(frozen=True)
class Facts:
    """What is known of one test. Optional ones are left out of the notice when they are empty or None.

    bureau: signs the notice. addressees: whom the overall notice is addressed to. unit and people: only for a unit's
    notice, and only that unit's. dated: the day of issue, None while it is a draft. Times are aware.
    """

    bureau: str
    issuer_mark: str
    training: str
    sitting: str
    audience: str
    opens_at: datetime
    closes_at: datetime
    place: str
    pass_mark: Decimal
    total_points: Decimal
    overall: Figures
    units: tuple[UnitFigures, ...] = ()
    weak_topics: tuple[WeakTopic, ...] = ()
    addressees: str = "各学校党组织、局属各单位党组织"
    unit: UnitFigures | None = None
    people: tuple[Listed, ...] = ()
    resit_on: date | None = None
    reply_due: date | None = None
    sign_due: datetime | None = None
    dated: date | None = None
    number_text: str = ""
    basis: str = ""
    pass_basis: str = ""
    earlier: Earlier | None = None
    copies_to: str = ""
    printed_by: str = ""

    def for_unit(self, unit: UnitFigures, people) -> "Facts":
        """Return the facts of one unit's notice."""
        return replace(self, unit=unit, people=tuple(people))

    @property
    def event(self):
        """What the notice is about, once: a test that already names its training is not named twice."""
        return self.sitting if self.training in self.sitting else self.training + self.sitting


def number_text(prefix, year, seq):
    """Return a document number such as 示教党通〔2026〕1号. Raises ValueError for a year or number that cannot be."""
    if not prefix.strip():
        raise ValueError("a document number needs the issuer's short name")
    if not 1000 <= year <= 9999 or seq < 1:
        raise ValueError(f"no document number can be made of year {year} and number {seq}")
    return f"{prefix.strip()}〔{year}〕{seq}号"


def matters(figures):
    """Return what a notice about these figures is about: 不合格, 缺考, both or nothing."""
    return [word for word, count in (("不合格", figures.failed), ("缺考", figures.absent)) if count]


def percent(part, whole):
    """Return 100 × part ÷ whole with one decimal, halves up; None when `whole` is 0."""
    return tenth(Decimal(part) * 100 / Decimal(whole)) if whole else None


def tenth(value):
    """Return a Decimal with one decimal, halves up."""
    return Decimal(value).quantize(TENTH, ROUND_HALF_UP)


def points(value):
    """Return points without idle zeros: 74, 74.5."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def full_date(day):
    """`2026年4月18日`, or nothing for None."""
    return clock.show_full_date(day) if day else ""


def short_date(day, beside):
    """A date without its year when `beside`, a date named before it, has the same."""
    return f"{day.month}月{day.day}日" if beside and day.year == beside.year else full_date(day)


def span(opens_at, closes_at):
    """`2026年4月18日9:00至11:00`; the second day is named when it is another."""
    start, end = clock.local(opens_at), clock.local(closes_at)
    day = "" if start.date() == end.date() else short_date(end.date(), start.date())
    return f"{full_date(start.date())}{start.hour}:{start:%M}至{day}{end.hour}:{end:%M}"
