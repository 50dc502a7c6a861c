"""Reading and signing: a signature is one row, by a liaison of the unit at that moment, over the bytes that were issued (R37)."""

from sqlalchemy import select, update

from app.core.audit import record
from app.core.db import db
from app.notices import errors
from app.notices.models import Delivery, Notice, NoticeCopy, Receipt


def note_reading(copy, person, *, now):
    """Keep when this person first opened the copy; later readings change nothing."""
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.copy_id == copy.id, Delivery.person_id == person.id, Delivery.channel == "inbox", Delivery.read_at.is_(None)
        )
        .values(read_at=now)
    )


def sign(copy_id, *, person, address, now):
    """Sign for a unit's copy; return its Receipt. Signing twice gives the first receipt again (R22, R24).

    The caller has checked that `person` is a liaison of the copy's unit now. Raises CannotSign.
    """
    copy = db.session.scalars(
        select(NoticeCopy).join(Notice).where(NoticeCopy.id == copy_id).with_for_update(of=NoticeCopy)
    ).one()
    existing = db.session.scalars(select(Receipt).where(Receipt.copy_id == copy_id)).one_or_none()
    if existing is not None:
        return existing
    notice = copy.notice
    if notice.state != "issued" or not copy.needs_signature:
        raise errors.CannotSign
    receipt = Receipt(
        copy_id=copy_id, person_id=person.id, signed_at=now, address=address[:45], document_digest=notice.pdf_digest
    )
    db.session.add(receipt)
    db.session.flush()
    note_reading(copy, person, now=now)
    record("notice.sign", copy, number=notice.document["number_text"], digest=notice.pdf_digest)
    return receipt
