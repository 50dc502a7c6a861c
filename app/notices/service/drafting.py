"""Drafting and approving: one person drafts a batch, a second approves it (R33, R54)."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from app.core.audit import record
from app.core.db import db
from app.notices import errors
from app.notices.document import problems
from app.notices.document.content import Document
from app.notices.models import Notice, NoticeCopy


@dataclass(frozen=True)
class Draft:
    """One notice to be: its slot in the batch ("overall", "unit:7"), its words, the units that get a copy, who must sign."""

    slot: str
    kind: str  # unit | overall
    document: Document
    unit_ids: tuple[int, ...]
    needs_signature: bool = True


def draft_batch(source, drafts, *, owner_unit, person, sign_by_at, now):
    """Write the batch's drafts, in order, in place of earlier drafts of the same source; return the notices.

    Raises AlreadyDrafted once one of them is approved or further; DocumentProblems when a document has a fault.
    """
    _refuse_faulty(drafts)
    earlier = list(db.session.scalars(select(Notice).where(Notice.source == source).with_for_update()))
    if any(notice.state != "draft" for notice in earlier):
        raise errors.AlreadyDrafted
    if earlier:
        ids = [notice.id for notice in earlier]
        db.session.execute(delete(NoticeCopy).where(NoticeCopy.notice_id.in_(ids)))
        db.session.execute(delete(Notice).where(Notice.id.in_(ids)))
    notices = [_write(source, draft, owner_unit, person, sign_by_at, now) for draft in drafts]
    db.session.flush()
    record("notice.draft", object_type="notices", object_id=source, notices=len(notices), replaced=len(earlier))
    return notices


def _refuse_faulty(drafts):
    faults = [
        f"{draft.document.title}: {problem.text}" for draft in drafts for problem in problems.document_problems(draft.document)
    ]
    if faults:
        raise errors.DocumentProblems(faults)


def _write(source, draft, owner_unit, person, sign_by_at, now):
    notice = Notice(
        kind=draft.kind, source=source, slot=draft.slot, owner_unit_id=owner_unit.id, title=draft.document.title, document=draft.document.to_json(),
        state="draft", sign_by_at=sign_by_at, drafted_by_id=person.id, drafted_at=now,
    )  # fmt: skip
    notice.copies = [NoticeCopy(unit_id=unit_id, needs_signature=draft.needs_signature) for unit_id in draft.unit_ids]
    db.session.add(notice)
    return notice


def approve(source, *, person, now):
    """Approve every draft of a batch; return how many. Raises NotDraft, OwnDraft."""
    if db.session.scalar(select(Notice.id).where(Notice.source == source, Notice.drafted_by_id == person.id).limit(1)):
        raise errors.OwnDraft
    approved = db.session.execute(
        update(Notice)
        .where(Notice.source == source, Notice.state == "draft", Notice.drafted_by_id != person.id)
        .values(state="approved", approved_by_id=person.id, approved_at=now)
    ).rowcount
    if not approved:
        raise errors.NotDraft
    record("notice.approve", object_type="notices", object_id=source, notices=approved)
    return approved


def send_back(source, *, person, reason, now):
    """Turn approved notices into drafts again, with a reason; return how many. Raises NotApproved."""
    returned = db.session.execute(
        update(Notice)
        .where(Notice.source == source, Notice.state == "approved")
        .values(state="draft", approved_by_id=None, approved_at=None)
    ).rowcount
    if not returned:
        raise errors.NotApproved
    record("notice.send_back", object_type="notices", object_id=source, notices=returned, reason=reason)
    return returned
