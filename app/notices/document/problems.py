"""What is wrong with the facts or the words of a notice (facts/notice.md §7). A notice with a problem is not made."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from app.core import clock

MEAN_SLACK = Decimal("0.1")  # unit means may arrive rounded to one decimal
NUMBER = re.compile(r"\S+〔\d{4}〕[1-9]\d*号")
ANNEX = re.compile(r"附件(\d*)")
MESSAGES = {
    "empty": _l("%(field)s is empty. Fill it in."),
    "negative": _l("%(where)s: a count is below zero."),
    "due": _l("%(where)s: %(due)s due is not %(took)s present + %(on_leave)s on leave + %(absent)s absent."),
    "passed": _l("%(where)s: %(passed)s passed, but only %(took)s were present."),
    "marks_missing": _l("%(where)s: people were present, but there is no mean."),
    "marks_without_people": _l("%(where)s: nobody was present, but there is a mean."),
    "sum": _l("The units add up to %(sum)s %(count)s, the total says %(total)s."),
    "mean": _l("The units' means give %(computed)s, the total says %(stated)s."),
    "range": _l("Lowest, mean and highest mark must rise from 0 to %(total)s."),
    "pass_mark": _l("The pass mark %(pass_mark)s must be above 0 and at most %(total)s."),
    "share": _l("Topic “%(topic)s”: the share of points must be between 0 and 100 %%."),
    "unit_twice": _l("%(unit)s stands in the table twice."),
    "unit_figures": _l("%(unit)s: its own figures differ from those in the table of units."),
    "nobody": _l("%(unit)s has nobody who failed or was absent: it needs no notice."),
    "failed_listed": _l("%(unit)s: %(listed)s people with marks are listed, but %(counted)s failed."),
    "absent_listed": _l("%(unit)s: %(listed)s people are listed as absent, but %(counted)s were."),
    "other_unit": _l("%(person)s belongs to %(other)s, not to %(unit)s, which the notice is addressed to."),
    "listed_passed": _l("%(person)s has %(score)s, which is a pass, and must not be listed."),
    "listed_score": _l("%(person)s has %(score)s, which is not between 0 and %(total)s."),
    "listed_name": _l("Row %(row)s of the list has no name."),
    "window": _l("The test must close after it opens."),
    "dated_early": _l("The notice is dated %(day)s, before the test closed."),
    "resit_early": _l("The resit on %(day)s is not after the test and the notice."),
    "reply_early": _l("The reply is due on %(day)s, before the notice is issued."),
    "sign_early": _l("Signing is due on %(day)s, before the notice is issued."),
    "number": _l("“%(number)s” is not a document number such as 示教党通〔2026〕1号."),
    "annex": _l("The text names attachment %(number)s, but there are %(count)s."),
    "annex_empty": _l("Attachment %(number)s is empty."),
    "annex_row": _l("Attachment %(number)s, row %(row)s has another number of cells than the head."),
}
FIELDS = {
    "bureau": _l("The signing body"),
    "signer": _l("The signing body"),
    "issuer_mark": _l("The red head"),
    "sitting": _l("The name of the test"),
    "audience": _l("Who took part"),
    "place": _l("The place or platform"),
    "addressees": _l("The addressee"),
    "addressee": _l("The addressee"),
    "title": _l("The title of the notice"),
    "blocks": _l("The text of the notice"),
}
COUNTS = {
    "due": _l("people due"),
    "took": _l("people present"),
    "on_leave": _l("people on leave"),
    "absent": _l("people absent"),
    "passed": _l("people who passed"),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, and the values that its words need."""

    code: str
    values: dict = field(default_factory=dict, hash=False)

    @property
    def text(self):
        """The words, in the reader's language."""
        return str(MESSAGES[self.code]) % self.values


def problems(facts):
    """Return what is wrong with the facts of a notice: a list of Problem, empty when it may be made."""
    found = [Problem("empty", {"field": FIELDS[name]}) for name in _needed(facts) if not getattr(facts, name).strip()]
    found += _figures(_l("All together"), facts.overall)
    for unit in facts.units:
        found += _figures(unit.name, unit.figures)
    return [*found, *_totals(facts), *_marks(facts), *_unit(facts), *_dates(facts)]


def _needed(facts):
    names = ["bureau", "issuer_mark", "sitting", "audience", "place"]
    return names if facts.unit else [*names, "addressees"]


def _figures(where, figures):
    if min(figures.due, figures.took, figures.on_leave, figures.absent, figures.passed) < 0:
        yield Problem("negative", {"where": where})
    if figures.due != figures.took + figures.on_leave + figures.absent:
        values = {name: getattr(figures, name) for name in ("due", "took", "on_leave", "absent")}
        yield Problem("due", {"where": where, **values})
    if figures.passed > figures.took:
        yield Problem("passed", {"where": where, "passed": figures.passed, "took": figures.took})
    if figures.took and figures.mean is None:
        yield Problem("marks_missing", {"where": where})
    if not figures.took and figures.mean is not None:
        yield Problem("marks_without_people", {"where": where})


def _totals(facts):
    if not facts.units:
        return
    names = [unit.name for unit in facts.units]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("unit_twice", {"unit": name})
    for count, label in COUNTS.items():
        total, stated = sum(getattr(unit.figures, count) for unit in facts.units), getattr(facts.overall, count)
        if total != stated:
            yield Problem("sum", {"sum": total, "count": label, "total": stated})
    took, stated = facts.overall.took, facts.overall.mean
    if took > 0 and stated is not None:
        computed = sum((unit.figures.mean or 0) * unit.figures.took for unit in facts.units) / took
        if abs(computed - stated) > MEAN_SLACK:
            yield Problem("mean", {"computed": round(computed, 2), "stated": round(stated, 2)})


def _marks(facts):
    if not 0 < facts.pass_mark <= facts.total_points:
        yield Problem("pass_mark", {"pass_mark": facts.pass_mark, "total": facts.total_points})
    for figures in (facts.overall, *(unit.figures for unit in facts.units)):
        stated = [mark for mark in (figures.lowest, figures.mean, figures.highest) if mark is not None]
        if sorted([Decimal(0), *stated, facts.total_points]) != [0, *stated, facts.total_points]:
            yield Problem("range", {"total": facts.total_points})
    for weak in facts.weak_topics:
        if not 0 <= weak.share <= 1:
            yield Problem("share", {"topic": weak.topic})


def _unit(facts):
    if facts.unit is None:
        return
    name, figures = facts.unit.name, facts.unit.figures
    yield from _figures(name, figures) if facts.unit not in facts.units else ()
    if any(unit.name == name and unit.figures != figures for unit in facts.units):
        yield Problem("unit_figures", {"unit": name})
    if not figures.failed and not figures.absent:
        yield Problem("nobody", {"unit": name})
    failed = sum(1 for person in facts.people if person.score is not None)
    absent = len(facts.people) - failed
    if failed != figures.failed:
        yield Problem("failed_listed", {"unit": name, "listed": failed, "counted": figures.failed})
    if absent != figures.absent:
        yield Problem("absent_listed", {"unit": name, "listed": absent, "counted": figures.absent})
    for row, person in enumerate(facts.people, 1):
        yield from _person(facts, row, person)


def _person(facts, row, person):
    if not person.name.strip():
        yield Problem("listed_name", {"row": row})
    if person.unit != facts.unit.name:
        yield Problem("other_unit", {"person": person.name, "other": person.unit, "unit": facts.unit.name})
    if person.score is not None and not 0 <= person.score <= facts.total_points:
        yield Problem("listed_score", {"person": person.name, "score": person.score, "total": facts.total_points})
    elif person.score is not None and person.score >= facts.pass_mark:
        yield Problem("listed_passed", {"person": person.name, "score": person.score})


def _dates(facts):
    closed = clock.local(facts.closes_at).date()
    issued = facts.dated or closed
    if facts.closes_at <= facts.opens_at:
        yield Problem("window")
    if facts.dated and facts.dated < closed:
        yield Problem("dated_early", {"day": clock.show_full_date(facts.dated)})
    sign_due = clock.local(facts.sign_due).date() if facts.sign_due else None
    after = timedelta(days=1)
    for code, day, earliest in (
        ("resit_early", facts.resit_on, max(issued, closed) + after),
        ("reply_early", facts.reply_due, issued),
        ("sign_early", sign_due, issued),
    ):
        if day and day < earliest:
            yield Problem(code, {"day": clock.show_full_date(day)})


def document_problems(document):
    """Return what is wrong with the words of a notice, after a person edited them: a list of Problem."""
    needed = ("issuer_mark", "title", "addressee", "signer")
    found = [Problem("empty", {"field": FIELDS[name]}) for name in needed if not getattr(document, name).strip()]
    if not any(block.text.strip() for block in document.blocks):
        found.append(Problem("empty", {"field": FIELDS["blocks"]}))
    if document.number_text and not NUMBER.fullmatch(document.number_text):
        found.append(Problem("number", {"number": document.number_text}))
    return [*found, *_annexes(document)]


def _annexes(document):
    count = len(document.attachments)
    named = {int(number or 1) for block in document.blocks for number in ANNEX.findall(block.text)}
    for number in sorted(number for number in named if not 1 <= number <= count):
        yield Problem("annex", {"number": number, "count": count})
    for number, attachment in enumerate(document.attachments, 1):
        if not attachment.title.strip() or not attachment.rows:
            yield Problem("annex_empty", {"number": number})
        for row, cells in enumerate(attachment.rows, 1):
            if not len(cells) == len(attachment.headers) == len(attachment.kinds):
                yield Problem("annex_row", {"number": number, "row": row})
