"""An earlier test that is over: sat, marked, confirmed, reported; most units have signed for their notices."""

import json
import random
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select, update

from app.bank import kinds
from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Response, Sitting
from app.exams.queries.versions import load_bodies
from app.exams.rules.paper_order import option_seed
from app.exams.rules.receipts import receipt_code
from app.exams.service import attempts, marking, reporting, results
from app.notices.models import Notice, NoticeCopy
from app.notices.service import drafting, issuing, signing
from app.papers import service as papers
from app.papers.models import Paper
from app.people.models import Person, Unit

PLAN = [
    ("single_choice", 15, Decimal(2)),
    ("multiple_choice", 10, Decimal(3)),
    ("true_false", 15, Decimal(2)),
    ("fill_blank", 5, Decimal(2)),
]
TITLE = "2026年第一季度应知应会测试（示例）"
SIGNED_SHARE = 0.7


def load(sample, now):
    """Make the paper, the sitting, its attempts and all that follows."""
    dice = random.Random(17)  # noqa: S311 - made-up answers need no secrecy
    paper_id = make_paper(sample, "2026年第一季度应知应会试卷（示例）", PLAN, now)
    sitting_id = _sitting(sample, paper_id, now)
    attempts.prepare(sitting_id)
    _answer(sitting_id, _weak_person(sample), dice)
    marking.mark_waiting(now=clock.now())
    with unit_of_work() as session:
        results.confirm(sitting_id, person=session.get(Person, sample.admin), now=clock.now())
    _notices(sample, sitting_id, now)
    jobs.run_all_due()
    _sign(sample, dice)


def make_paper(sample, title, plan, now):
    """Return the id of a frozen paper drawn from the sample's banks."""
    with unit_of_work() as session:
        author = session.get(Person, sample.trainer)
        paper = papers.assemble(
            session.get(Unit, sample.bureau),
            title,
            "闭卷，独立完成。",
            sample.banks,
            plan,
            "half_for_subset",
            author=author,
            now=now,
        )
        session.flush()
        session.refresh(paper)
        papers.freeze_paper(paper, seen=papers.digest_of(paper), now=now)
        return paper.id


def _sitting(sample, paper_id, now):
    closes = now - timedelta(days=2)
    with unit_of_work() as session:
        total = session.get(Paper, paper_id).total_points
        sitting = Sitting(
            unit_id=sample.bureau, paper_id=paper_id, title=TITLE, state="published", opens_at=closes - timedelta(hours=2), closes_at=closes,
            latest_entry_at=closes - timedelta(minutes=30), minutes_allowed=60, earliest_hand_in_minutes=0, pass_mark=total * Decimal("0.8"),
            attempts_allowed=1, shuffle_questions=True, shuffle_options=True, release_score="confirmed", release_answers="confirmed", release_key="confirmed",
            audience={}, venue="知责平台", created_by_id=sample.trainer, created_at=closes - timedelta(days=7), published_at=closes - timedelta(days=6),
        )  # fmt: skip
        session.add(sitting)
        session.flush()
        people = session.execute(select(Person.id, Person.unit_id, Person.position).where(Person.id.in_(sample.invited))).all()
        session.execute(
            insert(Candidate),
            [{"sitting_id": sitting.id, "person_id": p.id, "unit_id": p.unit_id, "position": p.position} for p in people],
        )
        return sitting.id


def _weak_person(sample):
    """Return the id of somebody of the first unit who fails for sure, so that its sample liaison has a notice to sign."""
    return db.session.scalar(select(Person.id).where(Person.unit_id == sample.units[0], Person.position == "纪检委员"))


def _answer(sitting_id, weak_id, dice):
    """Let about 97 in 100 hand in; each person has a skill of their own."""
    sitting = db.session.get(Sitting, sitting_id)
    drawn = db.session.scalars(select(Attempt).where(Attempt.sitting_id == sitting_id).order_by(Attempt.id)).all()
    present = [attempt for attempt in drawn if dice.random() < 0.97 or attempt.person_id == weak_id]
    bodies = load_bodies({version_id for attempt in present for version_id, _ in attempt.items})
    rows, changes = [], []
    for attempt in present:
        started = sitting.opens_at + timedelta(seconds=dice.randint(0, 900))
        submitted = started + timedelta(seconds=dice.randint(900, 3000))
        skill = 0.5 if attempt.person_id == weak_id else min(0.99, max(0.3, dice.gauss(0.87, 0.09)))
        rows += [
            _response(attempt, place, bodies[version_id], version_id, skill, submitted, dice)
            for place, (version_id, _) in enumerate(attempt.items, 1)
        ]
        changes.append((attempt.id, started, submitted))
    with unit_of_work() as session:
        session.execute(insert(Response), rows)
        for attempt_id, started, submitted in changes:
            session.execute(update(Attempt).where(Attempt.id == attempt_id).values(
                state="handed_in", generation=1, started_at=started, due_at=started + timedelta(minutes=60), submitted_at=submitted, closed_by="self",
                receipt_code=receipt_code(b"sample", attempt_id, submitted)))  # fmt: skip


def _response(attempt, place, question, version_id, skill, moment, dice):
    kind, body = question
    answer = _right(kind, body, attempt.seed, version_id) if dice.random() < skill else _guess(kind, body, dice)
    return {"attempt_id": attempt.id, "position": place, "seq": place, "answer": json.dumps(answer, ensure_ascii=False), "flag": False, "generation": 1,
            "saved_at": moment}  # fmt: skip


def _right(kind, body, seed, version_id):
    if kind == "fill_blank":
        return [accepted[0] for accepted in body["key"]]
    if kind == "true_false":
        return body["key"]
    order = kinds.get(kind).option_order(body, option_seed(seed, version_id), True)
    return sorted("ABCDEFGH"[order.index(label)] for label in body["key"])


def _guess(kind, body, dice):
    if kind == "fill_blank":
        return ["不清楚" for _ in body["key"]]
    if kind == "true_false":
        return [dice.choice(["true", "false"])]
    letters = "ABCDEFGH"[: len(body["options"])]
    return sorted(dice.sample(letters, 1 if kind == "single_choice" else min(2, len(letters))))


def _notices(sample, sitting_id, now):
    source = f"sitting:{sitting_id}"
    with unit_of_work() as session:
        sitting = session.get(Sitting, sitting_id)
        wording = reporting.default_wording(sitting, now)
        reporting.draft_notices(sitting, wording, person=session.get(Person, sample.admin), now=now)
    with unit_of_work() as session:
        drafting.approve(source, person=session.get(Person, sample.second), now=now)
    with unit_of_work() as session:
        issuing.issue(source, person=session.get(Person, sample.admin), now=now)


def _sign(sample, dice):
    """Most units sign; the first unit does not, so that its sample liaison finds something to do."""
    query = (
        select(NoticeCopy.id, NoticeCopy.unit_id)
        .join(Notice)
        .where(Notice.state == "issued", NoticeCopy.needs_signature)
        .order_by(NoticeCopy.id)
    )
    copies = db.session.execute(query).all()
    for copy_id, unit_id in copies:
        if unit_id == sample.units[0] or dice.random() > SIGNED_SHARE:
            continue
        with unit_of_work() as session:
            signing.sign(copy_id, person=session.get(Person, sample.liaisons[unit_id]), address="127.0.0.1", now=clock.now())
