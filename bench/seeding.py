"""People, a paper drawn from the shipped question bank, a sitting, and attempts that run: what the served figures work on."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select, update

from app.bank import service as banks
from app.bank.models import Bank
from app.core import clock
from app.core.db import db, unit_of_work
from app.exams import tokens
from app.exams.models import Attempt, Candidate, Sitting
from app.exams.page.facts import device_cookie
from app.exams.service import attempts
from app.papers import service as papers
from app.people import passwords
from app.people.models import Person, RoleGrant, SignIn, Unit
from app.people.sessions import token_hash
from bench import naive

PAPERS = {
    100: [("single_choice", 45, 1), ("multiple_choice", 20, 1), ("true_false", 25, 1), ("fill_blank", 10, 1)],
    50: [("single_choice", 20, 2), ("multiple_choice", 12, 2), ("true_false", 12, 2), ("fill_blank", 6, 2)],
}
PASSWORD = "qiuzhen-2026-shijian"
UNITS = 20
WINDOW = timedelta(hours=12)
RUNNING_MINUTES = 600
CHUNK = 500


@dataclass(frozen=True)
class Taker:
    """One person with a running attempt, as a client needs it."""

    attempt: int
    token: str
    cookie: str


def sitting(store, people, questions, units=UNITS):
    """Make a published, open sitting for so many people, who can sign in and belong to so many units in turn; return its id."""
    with store.app.app_context():
        now = clock.now()
        with unit_of_work() as session:
            made = _units(session, units, now)
            bureau = made[0]
            banks.load_shipped(bureau, now=now)
            bank_ids = list(session.scalars(select(Bank.id)))
            rows = _people(made[1:], people, now)
            for start in range(0, people, CHUNK):
                session.execute(insert(Person), rows[start : start + CHUNK])
            author = _trainer(session, bureau, now)
            paper = _paper(session, bureau, bank_ids, questions, author, now)
            found = _sitting(session, bureau, paper, author, now)
        db.session.remove()
        return found


def _units(session, count, now):
    """Add a bureau and so many schools; return them, the bureau first."""
    units = []
    for number in range(count + 1):
        kind = "primary_school" if number else "bureau"
        unit = Unit(code=f"B{number:02}", name=f"示例第{number}小学", kind=kind, path="/", sort=number, created_at=now)
        session.add(unit)
        session.flush()
        unit.path = f"/{unit.id}/" if not units else f"/{units[0].id}/{unit.id}/"
        unit.parent_id = units[0].id if units else None
        units.append(unit)
    session.flush()
    return units


def _people(units, count, now):
    hashed = passwords.hash_password(PASSWORD)
    return [
        {
            "name": f"示例人员{number}",
            "account": f"b{number:05}",
            "unit_id": units[number % len(units)].id,
            "position": "党务工作者",
            "password_hash": hashed,
            "created_at": now,
            "updated_at": now,
        }
        for number in range(count)
    ]


def _trainer(session, unit, now):
    person = Person(name="方若谷", account="trainer", unit_id=unit.id, created_at=now, updated_at=now)
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role="trainer", unit_id=unit.id, granted_at=now))
    session.flush()
    return person


def _paper(session, unit, bank_ids, questions, author, now):
    plan = [(kind, count, Decimal(points)) for kind, count, points in PAPERS[questions]]
    paper = papers.assemble(unit, "示例试卷", "闭卷，独立完成。", bank_ids, plan, "half_for_subset", author=author, now=now)
    session.flush()
    session.refresh(paper)
    papers.freeze_paper(paper, seen=papers.digest_of(paper), now=now)
    return paper


def _sitting(session, unit, paper, author, now):
    opens = now - timedelta(minutes=5)
    row = Sitting(
        unit_id=unit.id,
        paper_id=paper.id,
        title="示例考试",
        state="published",
        opens_at=opens,
        closes_at=opens + WINDOW,
        latest_entry_at=opens + WINDOW,
        minutes_allowed=RUNNING_MINUTES,
        pass_mark=paper.total_points * Decimal("0.6"),
        audience={},
        created_by_id=author.id,
        created_at=now,
        published_at=now,
        release_score="handed_in",
        release_answers="handed_in",
    )
    session.add(row)
    session.flush()
    query = select(Person.id, Person.unit_id, Person.position).where(Person.id != author.id).order_by(Person.id)
    people = session.execute(query)
    listed = [{"sitting_id": row.id, "person_id": p.id, "unit_id": p.unit_id, "position": p.position} for p in people]
    session.execute(insert(Candidate), listed)
    return row.id


def draw(store, sitting_id):
    """Draw the attempts, as the worker does ahead of the start."""
    with store.app.app_context():
        attempts.prepare(sitting_id)
        db.session.remove()


def started(store, sitting_id):
    """Draw and start every attempt, sign everybody in; return the Takers. As the start does, but for all at once."""
    draw(store, sitting_id)
    now = clock.now()
    due = now + timedelta(minutes=RUNNING_MINUTES)
    with store.app.app_context():
        begun = {"state": "in_progress", "started_at": now, "due_at": due, "generation": 1}
        with unit_of_work() as session:
            session.execute(update(Attempt).values(begun).execution_options(synchronize_session=False))
            people = list(session.scalars(select(Attempt.person_id).order_by(Attempt.id)))
            rows = [
                {
                    "token_hash": token_hash(f"bench-{p}"),
                    "person_id": p,
                    "created_at": now,
                    "last_seen_at": now,
                    "confirmed_at": now,
                }
                for p in people
            ]
            session.execute(insert(SignIn), rows)
        found = db.session.execute(select(Attempt.id, Attempt.person_id, Attempt.items).order_by(Attempt.id)).all()
        takers = [_taker(store.app, *row, due) for row in found]
        db.session.remove()
    return takers


def _taker(app, attempt_id, person_id, items, due):
    claims = tokens.Claims(attempt_id, person_id, 1, tokens.milliseconds(due), len(items), 0)
    token = app.extensions["attempt_keys"].sign(claims)
    session = {"_user_id": f"bench-{person_id}", "_fresh": True, "csrf_token": "a" * 40}
    signed = app.session_interface.get_signing_serializer(app).dumps(session)
    own = f"{app.config['SESSION_COOKIE_NAME']}={signed}; {device_cookie(attempt_id)}={token}"
    return Taker(attempt_id, token, f"{own}; {naive.cookie(app, person_id)}")


def write(takers, path):
    """Write the takers for a client in another process."""
    path.write_text(json.dumps([asdict(taker) for taker in takers]))
    return path
