"""Reads of notices, named for the page they feed. Scope is in the query: a copy that is not yours is not found (R34, R53)."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.core.db import db
from app.notices.models import Delivery, Notice, NoticeCopy, Receipt
from app.people.models import Unit
from app.people.scope import under

SENT_STATES = ("issued", "withdrawn")


def _in_scope(person, permission):
    return Notice.owner_unit_id.in_(select(Unit.id).where(under(Unit.path, person.scope_paths(permission))))


def batches(person):
    """Return a select of one row per batch: source, title, state counts, copies to sign, signed; newest first."""
    copies = (
        select(
            NoticeCopy.notice_id,
            func.sum(case((NoticeCopy.needs_signature, 1), else_=0)).label("due"),
            func.count(Receipt.id).label("signed"),
        )
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .group_by(NoticeCopy.notice_id)
        .subquery()
    )
    return (
        select(
            Notice.source,
            func.max(case((Notice.kind == "overall", Notice.title))).label("title"),
            func.max(Notice.title).label("any_title"),
            func.count(Notice.id).label("notices"),
            *[
                func.sum(case((Notice.state == state, 1), else_=0)).label(state)
                for state in ("draft", "approved", "numbered", "issued", "withdrawn")
            ],
            func.max(Notice.drafted_at).label("drafted_at"),
            func.max(Notice.issued_at).label("issued_at"),
            func.max(Notice.sign_by_at).label("sign_by_at"),
            func.min(Notice.number_seq).label("first"),
            func.max(Notice.number_seq).label("last"),
            func.max(Notice.number_year).label("year"),
            func.coalesce(func.sum(copies.c.due), 0).label("due"),
            func.coalesce(func.sum(copies.c.signed), 0).label("signed"),
        )
        .outerjoin(copies, copies.c.notice_id == Notice.id)
        .where(_in_scope(person, "notice.read"))
        .group_by(Notice.source)
        .order_by(func.max(Notice.drafted_at).desc())
    )


def batch(person, source):
    """Return the notices of one batch with copies, units and receipts, in their order; empty when out of scope."""
    return list(
        db.session.scalars(
            select(Notice)
            .where(Notice.source == source, _in_scope(person, "notice.read"))
            .options(
                selectinload(Notice.copies).options(joinedload(NoticeCopy.unit), joinedload(NoticeCopy.receipt).joinedload(Receipt.person)),
                joinedload(Notice.drafted_by), joinedload(Notice.approved_by),
            )
            .order_by(case((Notice.kind == "overall", 0), else_=1), Notice.id)
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How far one copy has come with its readers."""

    readers: int
    read: int
    failed: int
    waiting: int


def ways(notices):
    """Return {copy id: Way} for all copies of the notices, in one query."""
    rows = db.session.execute(
        select(
            Delivery.copy_id,
            func.sum(case((and_(Delivery.channel == "inbox", Delivery.purpose == "issue"), 1), else_=0)),
            func.sum(
                case((and_(Delivery.channel == "inbox", Delivery.purpose == "issue", Delivery.read_at.is_not(None)), 1), else_=0)
            ),
            func.sum(case((Delivery.state == "failed", 1), else_=0)),
            func.sum(case((Delivery.state == "queued", 1), else_=0)),
        )
        .join(NoticeCopy)
        .where(NoticeCopy.notice_id.in_([notice.id for notice in notices]))
        .group_by(Delivery.copy_id)
    )
    return {copy_id: Way(*counts) for copy_id, *counts in rows}


def notice(person, notice_id):
    """Return a select of one notice for those who draft, approve or audit."""
    return select(Notice).where(Notice.id == notice_id, _in_scope(person, "notice.read"))


def own_copies(person):
    """Return a select of the copies of the person's units, newest first, with notice, unit and receipt."""
    return (
        select(NoticeCopy)
        .join(NoticeCopy.notice)
        .join(NoticeCopy.unit)
        .where(Notice.state.in_(SENT_STATES), under(Unit.path, person.scope_paths("copy.read")))
        .options(
            contains_eager(NoticeCopy.notice),
            contains_eager(NoticeCopy.unit),
            joinedload(NoticeCopy.receipt).joinedload(Receipt.person),
        )
        .order_by(Notice.issued_at.desc(), NoticeCopy.id.desc())
    )


def own_copy(person, copy_id):
    """Return a select of one copy of the person's units."""
    return own_copies(person).where(NoticeCopy.id == copy_id)


def waiting_for(person):
    """How many copies of the person's units wait to be signed for."""
    if not person.may("copy.sign"):
        return 0
    query = own_copies(person).outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
    waiting = query.where(Receipt.id.is_(None), NoticeCopy.needs_signature, Notice.state == "issued")
    return db.session.scalar(select(func.count()).select_from(waiting.with_only_columns(NoticeCopy.id).order_by(None).subquery()))


def inbox(person):
    """Return a select of the person's own inbox messages, newest first."""
    return (
        select(Delivery)
        .join(Delivery.copy)
        .join(NoticeCopy.unit)
        .where(Delivery.person_id == person.id, Delivery.channel == "inbox", under(Unit.path, person.scope_paths("copy.read")))
        .options(contains_eager(Delivery.copy).options(joinedload(NoticeCopy.notice), contains_eager(NoticeCopy.unit)))
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
    )


def unread(person):
    """How many inbox messages the person has not opened."""
    return db.session.scalar(
        select(func.count())
        .select_from(Delivery)
        .where(Delivery.person_id == person.id, Delivery.channel == "inbox", Delivery.read_at.is_(None))
    )


def deliveries(person, state=None):
    """Return a select of deliveries by e-mail, failures first, for the bureau."""
    order = case((Delivery.state == "failed", 0), (Delivery.state == "queued", 1), else_=2)
    query = (
        select(Delivery)
        .join(Delivery.copy)
        .join(NoticeCopy.notice)
        .where(_in_scope(person, "notice.read"), Delivery.channel == "email")
        .options(
            contains_eager(Delivery.copy).options(contains_eager(NoticeCopy.notice), joinedload(NoticeCopy.unit)),
            joinedload(Delivery.person),
        )
        .order_by(order, Delivery.id.desc())
    )
    return query.where(Delivery.state == state) if state else query


def failed_deliveries(person):
    """How many e-mails failed for good, for the number beside the menu's entry."""
    return db.session.scalar(
        select(func.count()).select_from(deliveries(person, "failed").with_only_columns(Delivery.id).order_by(None).subquery())
    )


def by_code(code):
    """Return the issued or withdrawn notice with this check code, or None."""
    return db.session.scalars(select(Notice).where(Notice.check_code == code, Notice.state.in_(SENT_STATES))).one_or_none()
