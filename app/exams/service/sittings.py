"""Planning sittings: draft, publish, extend the window, cancel; and who sits them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, false, func, insert, literal, select, update

from app.core import audit
from app.core.audit import record
from app.core.clock import machine_time
from app.core.db import db
from app.core.errors import Stale
from app.exams import errors, plan_checks
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.queries import planning
from app.exams.rules import sittings as rules
from app.exams.service.attempts import enqueue_prepare
from app.exams.service.extending import extend
from app.papers.models import Paper
from app.papers.queries import papers_for
from app.papers.rules import digest, plain
from app.people.models import Person

audit.ACTIONS.update({
    "sitting.plan": _l("Test planned"),
    "sitting.edit": _l("Plan of a test changed"),
    "sitting.publish": _l("Test published"),
    "sitting.cancel": _l("Test cancelled"),
    "sitting.extend_close": _l("End of a test moved"),
    "sitting.add_candidates": _l("Candidates added"),
    "sitting.remove_candidate": _l("Candidate removed"),
    "sitting.leave": _l("Leave of a candidate changed"),
})  # fmt: skip

FIELDS = (
    "title", "unit_id", "paper_id", "opens_at", "closes_at", "latest_entry_at", "minutes_allowed", "earliest_hand_in_minutes", "pass_mark",
    "attempts_allowed", "shuffle_questions", "shuffle_options", "release_score", "release_answers", "release_key", "audience", "venue",
)  # fmt: skip


def values_of(sitting):
    """Return a sitting's fields, as `plan_sitting` and `edit_draft` take them."""
    return {name: getattr(sitting, name) for name in FIELDS}


def stamp(sitting):
    """Return a stamp of what the form of a draft shows; the form sends it back (R25)."""
    return digest(values_of(sitting))


def plan_sitting(values, *, person, now):
    """Make a draft; return it. Raises NotYours when the unit or the paper is not within the person's scope (R50)."""
    _require_own(values, person)
    sitting = Sitting(**values, state="draft", created_by_id=person.id, created_at=now)
    db.session.add(sitting)
    db.session.flush()
    record("sitting.plan", sitting, after=_facts(sitting))
    return sitting


def _require_own(values, person):
    holders = {unit.id for unit in planning.home_units(person, "sitting.plan")}
    readable = db.session.scalar(
        papers_for(person).with_only_columns(Paper.id).where(Paper.id == values["paper_id"], Paper.state == "frozen")
    )
    if values["unit_id"] not in holders or readable is None:
        raise errors.NotYours


def _facts(sitting):
    return {"title": sitting.title, "opens_at": machine_time(sitting.opens_at), "closes_at": machine_time(sitting.closes_at)}


def require_state(sitting, *states):
    """Raise NotNow unless a locked sitting is in one of `states`."""
    if sitting.state not in states:
        raise errors.NotNow


def edit_draft(sitting, values, *, person, seen):
    """Change a draft. `seen`: the stamp of what the person saw. Raises NotNow, Stale, NotYours."""
    require_state(sitting, "draft")
    if seen != stamp(sitting):
        raise Stale
    if (values["unit_id"], values["paper_id"]) != (sitting.unit_id, sitting.paper_id):
        _require_own(values, person)
    before = _facts(sitting)
    for name in FIELDS:
        setattr(sitting, name, values[name])
    db.session.flush()
    record("sitting.edit", sitting, before=before, after=_facts(sitting))


def preparers(values, paper, *person_ids):
    """Return the ids of those who prepare a test and so cannot sit it: who made its paper, planned it, publishes it (R54)."""
    return {person_id for person_id in (*person_ids, paper.created_by_id if paper else None) if person_id}


def invited(values, paper, *person_ids, planner):
    """Return (a select of the ids of the people invited, names of those left out because they prepare the test)."""
    paths = planner.scope_paths("sitting.plan")
    excluded = preparers(values, paper, *person_ids)
    meant = planning.audience_ids(values["audience"] or {}, paths, excluded)
    everyone = planning.audience_ids(values["audience"] or {}, paths)
    names = select(Person.name).where(Person.id.in_(everyone), Person.id.in_(excluded)).order_by(Person.name)
    return meant, list(db.session.scalars(names))


def findings(values, *, planner, now, sitting=None):
    """Return (Findings on a plan, how many people it invites)."""
    paper = db.session.get(Paper, values["paper_id"]) if values.get("paper_id") else None
    meant, left_out = invited(values, paper, planner.id, sitting.created_by_id if sitting else None, planner=planner)
    found = plan_checks.findings(values, paper, meant, left_out, now=now, sitting_id=sitting.id if sitting else None)
    return found, planning.size(meant)[0]


def publish(sitting, *, person, now):
    """Publish a draft: list its candidates as they are now, and have their attempts drawn. Returns how many candidates.

    Raises NotNow, and NotPublishable with every reason.
    """
    found, _count = findings(values_of(sitting), planner=person, now=now, sitting=sitting)
    problems = problems_of(found)
    if problems:
        raise errors.NotPublishable(details=problems)
    published = db.session.execute(
        update(Sitting)
        .where(Sitting.id == sitting.id, Sitting.state == "draft")
        .values(state="published", published_at=now, version=Sitting.version + 1)
    )
    if not published.rowcount:
        raise errors.NotNow
    db.session.refresh(sitting)
    meant, _left_out = invited(values_of(sitting), sitting.paper, person.id, sitting.created_by_id, planner=person)
    count = _list(sitting, meant)
    enqueue_prepare(sitting)
    record("sitting.publish", sitting, after=_facts(sitting) | {"candidates": count, "pass_mark": plain(sitting.pass_mark)})
    return count


def problems_of(found):
    """Return the sentences of those Findings that forbid publishing."""
    return [finding.text for finding in found if finding.state == plan_checks.ERROR]


def _list(sitting, meant):
    """Write Candidate rows for a select of person ids, with unit and position as they are now; return how many.

    The sitting's row is locked, so nobody else lists people meanwhile.
    """
    listed = select(Candidate.person_id).where(Candidate.sitting_id == sitting.id)
    new = (Person.id.in_(meant), Person.id.not_in(listed))
    count = db.session.scalar(select(func.count()).select_from(Person).where(*new))
    rows = select(literal(sitting.id), Person.id, Person.unit_id, Person.position, false(), literal(0)).where(*new)
    columns = ["sitting_id", "person_id", "unit_id", "position", "on_leave", "extra_minutes"]
    db.session.execute(insert(Candidate).from_select(columns, rows))
    return count


def add_candidates(sitting, person_ids, reason, *, planner):
    """Add people to a published sitting; return how many were not on the list yet. Raises NotNow, NobodyToAdd."""
    require_state(sitting, "published")
    meant, left_out = invited(
        {"audience": {"people": person_ids}}, sitting.paper, sitting.created_by_id, planner.id, planner=planner
    )  # fmt: skip
    count = _list(sitting, meant)
    if not count:
        raise errors.NobodyToAdd(
            details=[_("%(names)s prepared this test and cannot sit it.", names="、".join(left_out))] if left_out else None
        )
    enqueue_prepare(sitting)
    record("sitting.add_candidates", sitting, added=count, people=list(person_ids), reason=reason)
    return count


def _begun(candidate_id):
    return db.session.scalar(select(func.count()).where(Attempt.candidate_id == candidate_id, Attempt.state != "ready"))


def remove_candidate(candidate, reason):
    """Take somebody who has not begun off the list of a published sitting. The row has to be locked. Raises NotNow, HasBegun."""
    require_state(candidate.sitting, "published")
    if _begun(candidate.id):
        raise errors.HasBegun
    db.session.execute(delete(Attempt).where(Attempt.candidate_id == candidate.id, Attempt.state == "ready"))
    record("sitting.remove_candidate", candidate.sitting, person=candidate.person_id, reason=reason)
    db.session.delete(candidate)


def set_leave(candidate, on_leave, reason):
    """Note that somebody is on leave, or is back. The row has to be locked. Raises NotNow, HasBegun."""
    require_state(candidate.sitting, "published")
    if on_leave and _begun(candidate.id):
        raise errors.HasBegun
    candidate.on_leave = on_leave
    record("sitting.leave", candidate.sitting, person=candidate.person_id, on_leave=on_leave, reason=reason)


def extend_close(sitting, closes_at, reason, *, person, now):
    """Move the end of a published sitting to a later time; return how many people at work got time back.

    Whoever was cut short by the old end gets the minutes that they would have had (R2). Raises NotNow, NotLater.
    """
    require_state(sitting, "published")
    if closes_at <= max(sitting.closes_at, now):
        raise errors.NotLater
    if closes_at - sitting.opens_at > rules.LONGEST_WINDOW:
        raise errors.OpenTooLong
    before, cut = sitting.closes_at, _cut_short(sitting)
    entry_was_open = sitting.latest_entry_at == before
    sitting.closes_at = closes_at
    if entry_was_open:
        sitting.latest_entry_at = closes_at
    db.session.flush()
    record("sitting.extend_close", sitting, before=machine_time(before), after=machine_time(closes_at), reason=reason)
    for candidate, missing in cut:
        minutes = min(missing, int((closes_at - before).total_seconds() // 60))
        if minutes:
            extend(sitting, minutes, reason, actor=person, now=now, candidate=candidate)
    return len(cut)


def _cut_short(sitting):
    """Return [(candidate, minutes they lack), …] of those at work who have less than the time allowed because of the end."""
    query = (
        select(Attempt, Candidate)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Attempt.sitting_id == sitting.id, Attempt.state == "in_progress")
    )
    found = []
    for attempt, candidate in db.session.execute(query):
        missing = sitting.minutes_allowed - int((attempt.due_at - attempt.started_at).total_seconds() // 60)
        if missing > 0:
            found.append((candidate, missing))
    return found


def cancel(sitting, reason):
    """Call a sitting off; nobody may have begun. Raises NotNow, SomeHaveBegun."""
    require_state(sitting, "draft", "published")
    begun = db.session.scalar(select(func.count()).where(Attempt.sitting_id == sitting.id, Attempt.state != "ready"))
    if begun:
        raise errors.SomeHaveBegun(count=begun)
    record("sitting.cancel", sitting, before={"state": sitting.state}, reason=reason)
    sitting.state = "cancelled"
