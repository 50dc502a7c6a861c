"""The audit chain (R72, R73): every act that matters, in the unit of work of the act, each entry chained to the one before.

Entries are collected during a unit of work and written just before its commit, so that the head is locked briefly.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

from flask import current_app, g, has_request_context, request
from sqlalchemy import JSON, BigInteger, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, UTCDateTime, db, in_unit_of_work

GENESIS = "0" * 64
ACTIONS: dict = {}  # action -> its words in the list of acts; each part adds its own


class AuditEntry(Model):
    """One act: who, what, on what, before and after, and the seal over all of it and the entry before. Never changed."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60), index=True)
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict] = mapped_column(JSON)  # before, after, reason: digests or plain values, never answers, keys, codes
    address: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(32))
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The newest entry's number and seal: one row, locked while a unit of work adds its entries."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Break:
    """Where the chain fails first, and how."""

    seq: int
    why: str


def record(action, target=None, *, actor=None, object_type=None, object_id=None, **detail):
    """Note one act for the audit chain; written when the present unit of work commits.

    target: the row acted on (its table and id are kept), or give object_type and object_id. actor: the person, or a text such as
    "worker"; None means the signed-in person. detail: JSON-able facts (before=…, after=…, reason=…).
    """
    if not in_unit_of_work():
        raise RuntimeError("record() belongs into a unit of work")
    db.session.info.setdefault("audit", []).append((action, target, actor or _signed_in(), object_type, object_id, detail))


def _signed_in():
    from flask_login import current_user

    return current_user if has_request_context() and getattr(current_user, "is_authenticated", False) else "system"


def forget_pending(session):
    """Drop the entries of a unit of work that was rolled back."""
    session.info.pop("audit", None)


def chain_pending(session):
    """Write the collected entries behind the newest one. Called by `unit_of_work` just before its commit."""
    pending = session.info.pop("audit", None)
    if not pending:
        return
    heads = select(AuditHead.seq, AuditHead.seal).where(AuditHead.id == 1)
    head = session.execute(heads.with_for_update()).one_or_none()
    if head is None:
        session.execute(insert(AuditHead).values(id=1, seq=0, seal=GENESIS))
    seq, newest = head or (0, GENESIS)
    key = current_app.extensions["settings"].key("audit")
    rows = list(map(_entry, pending))
    for row in rows:
        seq += 1
        row |= {"seq": seq, "previous": newest}
        row["seal"] = newest = seal(key, SimpleNamespace(**row))
    session.execute(insert(AuditEntry), rows)
    change = update(AuditHead).where(AuditHead.id == 1).values(seq=seq, seal=newest)
    session.execute(change, execution_options={"synchronize_session": False})


def _entry(pending):
    """Return the columns of one entry but for its place in the chain."""
    action, target, actor, object_type, object_id, detail = pending
    named = not isinstance(actor, str)
    return {
        "at": clock.now(),
        "actor_id": actor.id if named else None,
        "actor": (actor.name if named else actor)[:120],
        "action": action,
        "object_type": object_type or (target.__tablename__ if target is not None else ""),
        "object_id": str(object_id if object_id is not None else target.id if target is not None else ""),
        "detail": json.loads(json.dumps(detail, default=str)),
        "address": (request.remote_addr or "")[:45] if has_request_context() else "",
        "device": _device(),
        "request_id": g.get("request_id", "") if has_request_context() else "",
    }


def _device():
    return (request.user_agent.string or "")[:200] if has_request_context() else ""


def seal(key, entry):
    """HMAC-SHA-256 over the entry's canonical JSON and the seal before it, as hex."""
    facts = [
        entry.seq, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.actor_id, entry.actor, entry.action, entry.object_type,
        entry.object_id, entry.detail, entry.address, entry.device, entry.request_id, entry.previous,
    ]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def verify():
    """Read the whole chain; return (entries read, the first Break or None). A cut tail shows against the head."""
    key = current_app.extensions["settings"].key("audit")
    previous, expected = GENESIS, 0
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)):
        expected += 1
        if entry.seq != expected:
            return expected, Break(expected, "missing")
        if entry.previous != previous:
            return expected, Break(entry.seq, "not chained to the entry before")
        if not hmac.compare_digest(seal(key, entry), entry.seal):
            return expected, Break(entry.seq, "changed after it was written")
        previous = entry.seal
    head = db.session.get(AuditHead, 1)
    if head is not None and (head.seq, head.seal) != (expected, previous):
        return expected, Break(expected + 1, "the newest entries are missing")
    return expected, None
