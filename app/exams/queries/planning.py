"""Reads for planning: who can be invited and who is meant, what papers there are, what stands against a plan."""

from datetime import timedelta

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import db
from app.exams.models import Candidate, Sitting
from app.exams.rules.sittings import Known, tokens
from app.papers.models import Paper
from app.papers.queries import home_units, papers_for
from app.papers.seals import sealed_for
from app.people.models import Person, Post, RoleGrant, Unit
from app.people.queries import IN_BOARD_ORDER
from app.people.rules import PERMISSIONS
from app.people.scope import under

MOST_POSITIONS = 60
CHUNK = 500


def units_to_invite(person):
    """Return the units that may be chosen as a whole: the planner's own ones and those directly below."""
    homes = home_units(person, "sitting.plan")
    ids = [unit.id for unit in homes]
    below = select(Unit).where(Unit.parent_id.in_(ids), Unit.is_active).order_by(*IN_BOARD_ORDER)
    return homes + [unit for unit in db.session.scalars(below) if unit.id not in ids]


def positions(person):
    """Return [(position, how many active people), …] in the planner's scope, the most frequent first."""
    count = func.count().label("n")
    query = (
        select(Person.position, count)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.is_active, Person.position != "", under(Unit.path, person.scope_paths("sitting.plan")))
        .group_by(Person.position)
        .order_by(count.desc(), Person.position)
    )
    return [tuple(row) for row in db.session.execute(query.limit(MOST_POSITIONS))]


def frozen_papers(person, now):
    """Return the frozen papers the planner may use, the newest first; not those sealed for them (R54)."""
    papers = db.session.scalars(papers_for(person).where(Paper.state == "frozen").order_by(Paper.frozen_at.desc())).all()
    sealed = sealed_for(person, [paper.id for paper in papers], now)
    return [paper for paper in papers if paper.id not in sealed]


def audience_ids(audience, paths, excluded=()):
    """Return a select of the ids of the active people whom an audience means, within the planner's unit paths (R50).

    audience: {"unit_ids", "positions", "role", "people"}; people named one by one are added to those chosen by unit.
    """
    query = select(Person.id).join(Unit, Unit.id == Person.unit_id).where(Person.is_active, under(Unit.path, paths))
    meant = or_(_chosen_by_unit(audience, paths), Person.id.in_(audience.get("people") or []))
    return query.where(meant, Person.id.not_in(list(excluded)))


def _chosen_by_unit(audience, paths):
    if not audience.get("unit_ids"):
        return false()
    chosen = select(Unit.path).where(Unit.id.in_(audience["unit_ids"]), under(Unit.path, paths))
    conditions = [under(Unit.path, db.session.scalars(chosen).all())]
    if audience.get("positions"):
        holds = exists().where(Post.person_id == Person.id, Post.position.in_(audience["positions"]), _is_current(Post))
        conditions.append(or_(Person.position.in_(audience["positions"]), holds))
    if audience.get("role"):
        conditions.append(
            exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == audience["role"], RoleGrant.revoked_at.is_(None))
        )
    return and_(*conditions)


def _is_current(post):
    return or_(post.ended_on.is_(None), post.ended_on >= clock.today())


def people_meant(text, paths):
    """Return the Known people whom the words of a pasted list may mean, within the planner's unit paths."""
    words = sorted({word for line in text.splitlines() for word in tokens(line)})
    found = {}
    for start in range(0, len(words), CHUNK):
        part = words[start : start + CHUNK]
        lower = [word.lower() for word in part]
        query = (
            select(Person.id, Person.name, Person.account, Person.phone, Person.is_active, Unit.name, Unit.short_name, Unit.code)
            .join(Unit, Unit.id == Person.unit_id)
            .where(under(Unit.path, paths), or_(Person.account.in_(lower), Person.phone.in_(part), Person.name.in_(part)))
        )
        for row in db.session.execute(query):
            names = frozenset(name for name in row[5:] if name)
            found[row.id] = Known(row.id, row[1], row.account, row.phone, names, row.is_active)
    return list(found.values())


def people_lines(person_ids):
    """Return people as lines that `read_list` reads back: name and account."""
    rows = (
        db.session.execute(select(Person.id, Person.name, Person.account).where(Person.id.in_(person_ids))).all()
        if person_ids
        else []
    )
    by_id = {row.id: f"{row.name} {row.account}" for row in rows}
    return "\n".join(by_id[person_id] for person_id in person_ids if person_id in by_id)


def size(meant):
    """Return (people, units) of a select of person ids."""
    query = select(func.count(), func.count(Person.unit_id.distinct())).where(Person.id.in_(meant))
    return tuple(db.session.execute(query).one())


def clashes(meant, opens_at, closes_at, sitting_id=None):
    """Return (how many, the first five names) of people who are candidates of another sitting in the same window."""
    other = (
        select(Candidate.person_id)
        .join(Sitting, Sitting.id == Candidate.sitting_id)
        .where(
            Sitting.state == "published",
            Sitting.opens_at < closes_at,
            Sitting.closes_at > opens_at,
            Candidate.on_leave.is_(False),
        )
    )
    if sitting_id:
        other = other.where(Sitting.id != sitting_id)
    return _counted(select(Person.name).where(Person.id.in_(meant), Person.id.in_(other)))


def insiders(meant, paper):
    """Return (how many, the first five names) of people who may read the paper by one of their roles (R54)."""
    roles = [role for role, permissions in PERMISSIONS.items() if "paper.read" in permissions]
    above = aliased(Unit)
    path = db.session.scalar(select(Unit.path).where(Unit.id == paper.unit_id))
    grants = (
        select(RoleGrant.person_id)
        .join(above, above.id == RoleGrant.unit_id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), above.id.in_(_ids_of(path)))
    )
    return _counted(select(Person.name).where(Person.id.in_(meant), Person.id.in_(grants)))


def _ids_of(path):
    return [int(part) for part in (path or "").split("/") if part]


def _counted(query):
    count = db.session.scalar(select(func.count()).select_from(query.subquery()))
    return count, list(db.session.scalars(query.order_by(Person.name).limit(5))) if count else []


def units_without_liaison(meant):
    """Return (how many, the first five names) of the people's units that no liaison answers for."""
    units = db.session.execute(
        select(Unit.id, Unit.path, Unit.name, Unit.short_name).where(
            Unit.id.in_(select(Person.unit_id).where(Person.id.in_(meant)))
        )
    ).all()
    answered = set(
        db.session.scalars(select(RoleGrant.unit_id).where(RoleGrant.role == "liaison", RoleGrant.revoked_at.is_(None)))
    )
    lacking = [unit.short_name or unit.name for unit in units if not answered & set(_ids_of(unit.path))]
    return len(lacking), lacking[:5]


def last_planned(person):
    """Return the sitting that a person planned last: its rules are the defaults of the next one."""
    return db.session.scalars(
        select(Sitting).where(Sitting.created_by_id == person.id).order_by(Sitting.id.desc()).limit(1)
    ).one_or_none()


def starts_tomorrow(now):
    """Return tomorrow at nine, Shanghai time, as the start that a new plan proposes."""
    return clock.day_start(clock.local(now).date() + timedelta(days=1)) + timedelta(hours=9)
