"""Deliveries: who gets a copy, by inbox and e-mail; the job that sends; the watchdog and the reminders (R35, R36).

Inbox deliveries are stored with the issue itself. E-mail goes by a job per reader, at least once; its Message-ID is made of the
delivery's key, so that the same letter sent twice after a lost answer is one letter to the mailbox.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased, joinedload

from app.core import clock, jobs
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.notices.document import mail
from app.notices.models import Delivery, Notice, NoticeCopy, Receipt
from app.people.models import Person, RoleGrant, Unit

LAST_TRY = 75  # about 72 hours of hourly tries (R35)


def readers_of(copies):
    """Return {copy id: [Person]}: the liaisons whose role covers the copy's unit. One query for any number of copies."""
    if not copies:
        return {}
    covered = aliased(Unit)
    rows = db.session.execute(
        select(covered.id, Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(covered, covered.path.startswith(Unit.path))
        .where(
            RoleGrant.role == "liaison",
            RoleGrant.revoked_at.is_(None),
            Person.is_active,
            covered.id.in_({copy.unit_id for copy in copies}),
        )
        .order_by(Person.id)
    ).unique()
    by_unit = {}
    for unit_id, person in rows:
        people = by_unit.setdefault(unit_id, [])
        if person not in people:
            people.append(person)
    return {copy.id: by_unit.get(copy.unit_id, []) for copy in copies}


def send_copies(notice, *, now):
    """Write the deliveries of a notice that is being issued, inside the unit that issues it."""
    for copy in notice.copies:
        for person in readers_of([copy])[copy.id]:
            _deliver(copy, person, "issue", f"issue:{copy.id}:{person.id}", now)


def _deliver(copy, person, purpose, key, now):
    inbox = Delivery(
        copy_id=copy.id,
        person_id=person.id,
        purpose=purpose,
        channel="inbox",
        key=f"{key}:inbox",
        state="sent",
        tries=1,
        created_at=now,
        sent_at=now,
    )
    db.session.add(inbox)
    if person.email and current_app.extensions["settings"].smtp_host:
        letter = Delivery(copy_id=copy.id, person_id=person.id, purpose=purpose, channel="email", address=person.email, key=f"{key}:email", state="queued",
                          tries=0, created_at=now)  # fmt: skip
        db.session.add(letter)
        db.session.flush()
        letter.job_id = jobs.enqueue("notices.send", {"delivery_id": letter.id}, key=f"notices.send:{letter.key}", priority=3).id


@jobs.handler("notices.send")
def send_letter(run):
    """Send one e-mail; a temporary failure is tried again with backoff, a permanent one ends with its reason."""
    row = db.session.get(Delivery, run.payload["delivery_id"], options=[joinedload(Delivery.copy).joinedload(NoticeCopy.notice)])
    if row is None or row.state == "sent":
        return
    delivery_id = row.id
    try:
        letter = _letter(row)
    except ValueError as error:
        db.session.rollback()
        _note(delivery_id, state="failed", error=str(error))
        raise jobs.GiveUp(str(error)) from error
    db.session.rollback()
    try:
        mail.smtp_send(mail_server(), letter)
    except mail.PermanentFailure as error:
        _note(delivery_id, state="failed", error=error.reason)
        raise jobs.GiveUp(error.reason) from error
    except mail.TemporaryFailure as error:
        _note(delivery_id, state="failed" if run.attempts >= LAST_TRY else "queued", error=error.reason)
        raise jobs.Later(error.reason) from error
    _note(delivery_id, state="sent", sent_at=clock.now())


def mail_server():
    """Return the mail server of the settings."""
    settings = current_app.extensions["settings"]
    return mail.MailServer(settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password, settings.smtp_tls,
                           settings.smtp_timeout_seconds)  # fmt: skip


def _letter(row):
    settings = current_app.extensions["settings"]
    notice = row.copy.notice
    title = notice.title if row.purpose == "issue" else f"{notice.title}（催办）"
    return mail.notice_mail(
        number=notice.document["number_text"], title=title, unit=row.copy.unit.name, link=f"{settings.public_url.rstrip('/')}/notices/{row.copy_id}",
        pdf=notice.pdf.read(), sender=(settings.issuer_name, settings.mail_from), recipient=row.address, key=row.key, sent_at=row.created_at,
        sign_due=notice.sign_by_at if row.copy.needs_signature else None,
    )  # fmt: skip


def _note(delivery_id, *, state, error=None, sent_at=None):
    with unit_of_work():
        db.session.execute(
            update(Delivery).where(Delivery.id == delivery_id, Delivery.state != "sent")
            .values(state=state, tries=Delivery.tries + 1, last_error=error, sent_at=sent_at)
        )  # fmt: skip


def retry(delivery, *, now):
    """Send a failed e-mail again, to the address the person has now."""
    delivery.state, delivery.last_error, delivery.address = "queued", None, delivery.person.email or delivery.address
    jobs.retry(db.session.get(jobs.Job, delivery.job_id))
    record("notice.retry_delivery", delivery)


def unsigned(now):
    """Return a select of issued copies whose time to sign is over and that nobody signed for."""
    return (
        select(NoticeCopy)
        .join(Notice)
        .outerjoin(Receipt, Receipt.copy_id == NoticeCopy.id)
        .where(Notice.state == "issued", NoticeCopy.needs_signature, Receipt.id.is_(None), Notice.sign_by_at <= now)
    )


@jobs.periodic("notices.remind", timedelta(minutes=10))
def remind_overdue():
    """Remind the units that are overdue, each again after the set number of hours; one unit of work per copy."""
    now = clock.now()
    pause = timedelta(hours=current_app.extensions["settings"].overdue_reminder_hours)
    due = (
        unsigned(now)
        .where(or_(NoticeCopy.reminded_at.is_(None), NoticeCopy.reminded_at <= now - pause))
        .with_only_columns(NoticeCopy.id)
    )
    ids = list(db.session.scalars(due))
    db.session.rollback()
    for copy_id in ids:
        with unit_of_work():
            remind(db.session.get(NoticeCopy, copy_id), actor="worker", now=now)


def remind(copy, *, actor, now):
    """Send one reminder for a copy, unless somebody signed or another process reminded meanwhile; return whether it was sent."""
    taken = db.session.execute(
        update(NoticeCopy)
        .where(
            NoticeCopy.id == copy.id,
            NoticeCopy.reminders == copy.reminders,
            ~select(Receipt.id).where(Receipt.copy_id == NoticeCopy.id).exists(),
        )
        .values(reminders=NoticeCopy.reminders + 1, reminded_at=now)
        .execution_options(synchronize_session=False)
    ).rowcount
    if not taken:
        return False
    db.session.refresh(copy)
    for person in readers_of([copy])[copy.id]:
        _deliver(copy, person, "reminder", f"reminder:{copy.id}:{copy.reminders}:{person.id}", now)
    record("notice.remind", copy, actor=actor, count=copy.reminders)
    return True


@jobs.periodic("notices.watch", timedelta(minutes=5))
def watch():
    """Give issued copies the deliveries that they lack, as when a unit's liaison was named after the issue (R36)."""
    now = clock.now()
    lacking = (
        select(NoticeCopy)
        .join(Notice)
        .where(Notice.state == "issued", ~select(Delivery.id).where(Delivery.copy_id == NoticeCopy.id).exists())
    )
    copies = list(db.session.scalars(lacking))
    ready = [copy.id for copy in copies if readers_of(copies).get(copy.id)] if copies else []
    db.session.rollback()
    for copy_id in ready:
        with unit_of_work():
            copy = db.session.get(NoticeCopy, copy_id)
            for person in readers_of([copy])[copy.id]:
                _deliver(copy, person, "issue", f"issue:{copy.id}:{person.id}", now)
