"""From confirmed results to drafts: one notice per unit with people who failed or were absent, and the bureau's overall notice."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from flask import current_app

from app.core import clock
from app.core.db import db
from app.exams import errors
from app.exams.queries import results as queries
from app.exams.rules import results as rules
from app.notices.document import compose
from app.notices.document import facts as documents
from app.notices.errors import DocumentProblems
from app.notices.service.drafting import Draft, draft_batch
from app.people.models import Unit

WEAK_SHARE = Decimal("0.6")  # a topic below this share of its points is named
MOST_WEAK = 5
FEWEST_ASKED = 10  # answers; a topic asked less often is not judged
MOST_OWN = 3  # topics named beside one person


@dataclass(frozen=True)
class Wording:
    """What a person decides about the notices: the rest comes from the confirmed results."""

    training: str
    audience: str
    place: str
    sign_by_at: datetime
    resit_on: date | None = None
    reply_due: date | None = None
    copies_to: str = ""


def source_of(sitting):
    """Return what notices call this sitting."""
    return f"sitting:{sitting.id}"


def draft_notices(sitting, wording, *, person, now):
    """Draft the overall notice and each unit's; return the Notices. Raises NotConfirmed, NothingToReport, DocumentProblems."""
    if sitting.state != "confirmed":
        raise errors.NotConfirmed
    rows = queries.rows(sitting, is_over=True)
    if not rows:
        raise errors.NothingToReport
    drafts = batch(sitting, wording, rows)
    return draft_batch(
        source_of(sitting),
        drafts,
        owner_unit=db.session.get(Unit, sitting.unit_id),
        person=person,
        sign_by_at=wording.sign_by_at,
        now=now,
    )


def batch(sitting, wording, rows):
    """Return the Drafts: overall first, then one per unit concerned in the units' order. Raises DocumentProblems."""
    marks = queries.topic_marks(rows)
    facts = facts_of(sitting, wording, rows, marks)
    concerned = [
        unit
        for unit in dict.fromkeys(row.group_id for row in rows)
        if any(_is_listed(row) for row in rows if row.group_id == unit)
    ]
    everyone = tuple(dict.fromkeys(row.group_id for row in rows))
    drafts = [Draft("overall", "overall", compose.overall_notice(facts), everyone, needs_signature=False)]
    own = _own_topics(marks)
    for unit_id in concerned:
        unit_rows = [row for row in rows if row.group_id == unit_id]
        drafts.append(_unit_draft(facts, unit_id, unit_rows, own, marks))
    _refuse(facts)
    return drafts


def _refuse(facts):
    from app.notices.document.problems import problems

    found = problems(facts)
    if found:
        raise DocumentProblems([problem.text for problem in found])


def facts_of(sitting, wording, rows, marks):
    """Return the frozen Facts of the whole test."""
    settings = current_app.extensions["settings"]
    units = [documents.UnitFigures(rows_of[0].group, _figures(rows_of)) for rows_of in _by_group(rows).values()]
    return documents.Facts(
        bureau=settings.issuer_name, issuer_mark=settings.issuer_mark, training=wording.training, sitting=sitting.title, audience=wording.audience,
        opens_at=sitting.opens_at, closes_at=sitting.closes_at, place=wording.place, pass_mark=sitting.pass_mark, total_points=sitting.paper.total_points,
        overall=_figures(rows), units=tuple(units), weak_topics=_weak(marks), resit_on=wording.resit_on, reply_due=wording.reply_due,
        sign_due=wording.sign_by_at, copies_to=wording.copies_to, printed_by=settings.printed_by,
    )  # fmt: skip


def _by_group(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row.group_id, []).append(row)
    return groups


def _figures(rows):
    whole = rules.summary((row.outcome, row.score) for row in rows)
    on_leave = sum(1 for row in rows if row.outcome == rules.ON_LEAVE)
    return documents.Figures(whole.due, whole.took, on_leave, whole.absent, whole.passed, whole.mean, whole.highest, whole.lowest)


def _weak(marks):
    shares = rules.topic_shares((topic, got, most) for _, topic, got, most in marks)
    weak = [
        documents.WeakTopic(short_topic(topic), share)
        for topic, share, times in shares
        if share < WEAK_SHARE and times >= FEWEST_ASKED
    ]
    return tuple(weak[:MOST_WEAK])


def short_topic(topic):
    """Return a topic as a notice names it: 党支部/会议与表决 is 党支部会议与表决."""
    first, _, second = topic.partition("/")
    return second if second.startswith(first) else first + second


def _own_topics(marks):
    """Return {person id: the topics with the lowest share, when below the pass share}."""
    by_person = {}
    for person_id, topic, got, most in marks:
        by_person.setdefault(person_id, []).append((topic, got, most))
    return {
        person_id: tuple(short_topic(topic) for topic, share, _ in rules.topic_shares(own) if share < WEAK_SHARE)[:MOST_OWN]
        for person_id, own in by_person.items()
    }


def _is_listed(row):
    return row.outcome in (rules.FAILED, rules.ABSENT)


def _unit_draft(facts, unit_id, rows, own, marks):
    unit = documents.UnitFigures(rows[0].group, _figures(rows))
    listed = [
        documents.Listed(row.name, row.position, row.group, row.score, own.get(row.person_id, ()) if row.score is not None else ())
        for row in rows if _is_listed(row)
    ]  # fmt: skip
    people = {row.person_id for row in rows}
    own_weak = _weak([mark for mark in marks if mark[0] in people])
    unit_facts = replace(facts.for_unit(unit, listed), weak_topics=own_weak)
    _refuse(unit_facts)
    document = compose.unit_notice(unit_facts)
    return Draft(f"unit:{unit_id}", "unit", replace(document, addressee=addressee(unit.name)), (unit_id,))


def addressee(unit_name):
    """Return whom a unit's notice is addressed to: its party organisation."""
    return unit_name if any(word in unit_name for word in ("党", "支部")) else f"{unit_name}党组织"


def default_wording(sitting, now, training=""):
    """Return the Wording proposed to the drafter: some days to sign, until 17:00 of the last."""
    days = current_app.extensions["settings"].sign_within_days
    last = clock.local(now) + clock.timedelta(days=days)
    return Wording(
        training=training, audience="全市教育系统党组织书记、党务工作者", place=sitting.venue or "知责平台",
        sign_by_at=clock.from_local(datetime(last.year, last.month, last.day, 17)),
    )  # fmt: skip
