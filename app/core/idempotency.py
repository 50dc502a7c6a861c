"""The second click shows the first outcome (R24): a deed's key is stored in the transaction of the deed itself."""

import hashlib
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, UTCDateTime, db
from app.core.errors import Refusal

KEY_LENGTH = 80


class Deed(Model):
    """One finished deed: who, where, which key, what was sent (a digest), and where the outcome is shown."""

    __tablename__ = "deeds"
    __table_args__ = (UniqueConstraint("person_id", "route", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    route: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    body_digest: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(Text)  # the address to show
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class SameKeyOtherBody(Refusal):
    status = 422
    message = _l("This form was already sent with other contents. Reload the page and try again.")


def digest(values):
    """Return a digest of what was sent: an iterable of (name, value) pairs."""
    lines = "\n".join(f"{name}={value}" for name, value in sorted((str(a), str(b)) for a, b in values))
    return hashlib.sha256(lines.encode()).hexdigest()


def finished(person_id, route, key, body_digest):
    """Return the outcome address of the same deed done before, or None. Inside the deed's unit of work.

    Raises SameKeyOtherBody when the key came with another body.
    """
    if not key:
        return None
    key = key[:KEY_LENGTH]
    if (
        db.session.get_bind().dialect.name != "sqlite"
    ):  # two of the same deed at the same instant: the second waits and then finds the first
        db.session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"{person_id}|{route}|{key}"}
        )
    deed = db.session.scalars(select(Deed).where(Deed.person_id == person_id, Deed.route == route, Deed.key == key)).one_or_none()
    if deed is not None and deed.body_digest != body_digest:
        raise SameKeyOtherBody
    return deed.outcome if deed else None


def finish(person_id, route, key, body_digest, outcome):
    """Note the deed as done, in its own unit of work."""
    if key:
        db.session.add(
            Deed(
                person_id=person_id,
                route=route,
                key=key[:KEY_LENGTH],
                body_digest=body_digest,
                outcome=outcome,
                created_at=clock.now(),
            )
        )
