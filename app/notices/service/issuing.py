"""Issuing: numbers without gaps in one transaction, then a job that draws each PDF and sends its copies on their way.

Drawing takes seconds for 53 notices and must not hold the write gate; until its PDF is stored a notice is "numbered" and nobody has it.
"""

import secrets
from dataclasses import replace

from flask import current_app
from sqlalchemy import select, update

from app.core import clock, files, jobs
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.notices import errors
from app.notices.document.content import Document
from app.notices.document.facts import full_date, number_text
from app.notices.models import Notice, NoticeNumber
from app.notices.service import delivery

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 1 I L O: people type it
CODE_LENGTH = 28  # letters: 28 · log2(31) = 138 random bits (R38)
ORDER = {"overall": 0, "unit": 1}


def issue(source, *, person, now):
    """Number every approved notice of a batch and enqueue its making; return the job. Raises NotApproved, SignTooEarly."""
    notices = list(
        db.session.scalars(select(Notice).where(Notice.source == source, Notice.state == "approved").with_for_update())
    )
    if not notices:
        raise errors.NotApproved
    due = notices[0].sign_by_at
    if due is not None and due <= now:
        raise errors.SignTooEarly(due=clock.show_time(due))
    notices.sort(key=lambda notice: (ORDER[notice.kind], notice.id))
    year = clock.local(now).year
    prefix = current_app.extensions["settings"].notice_prefix
    for notice, seq in zip(notices, _take_numbers(prefix, year, len(notices)), strict=True):
        _number(notice, prefix, year, seq, person, now)
    record(
        "notice.issue",
        object_type="notices",
        object_id=source,
        first=notices[0].number_seq,
        last=notices[-1].number_seq,
        year=year,
    )
    return jobs.enqueue(
        "notices.make",
        {"source": source},
        key=f"notices.make:{source}:{year}:{notices[0].number_seq}",
        priority=1,
        created_by_id=person.id,
    )


def _take_numbers(prefix, year, count):
    """Take `count` numbers under the row's lock, so that two issuers cannot take the same and a failed unit leaves no gap (R22)."""
    row = db.session.get(NoticeNumber, (prefix, year), with_for_update=True, populate_existing=True)
    if row is None:
        row = NoticeNumber(prefix=prefix, year=year, last=0)
        db.session.add(row)
    first = row.last + 1
    row.last += count
    db.session.flush()
    return range(first, row.last + 1)


def _number(notice, prefix, year, seq, person, now):
    code = new_check_code()
    notice.number_prefix, notice.number_year, notice.number_seq = prefix, year, seq
    notice.check_code, notice.state, notice.issued_by_id, notice.issued_at = code, "numbered", person.id, now
    day = full_date(clock.local(now).date())
    document = replace(
        Document.from_json(notice.document), number_text=number_text(prefix, year, seq), date=day, check_code=shown_code(code), check_url=check_url(code),
        approver=notice.approved_by.name, printed_on=day, watermark="", state="issued",
    )  # fmt: skip
    notice.document = document.to_json()


def new_check_code():
    """Return a fresh check code of at least 128 random bits, in letters that are not mistaken for each other (R38)."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def shown_code(code):
    """Return a check code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def check_url(code):
    """Return the public address that confirms a code."""
    return f"{current_app.extensions['settings'].public_url.rstrip('/')}/check/{code}"


@jobs.handler("notices.make")
def make_batch(run):
    """Draw and send every numbered notice of the batch; safe to run again: what is issued is left alone."""
    ids = list(
        db.session.scalars(
            select(Notice.id)
            .where(Notice.source == run.payload["source"], Notice.state == "numbered")
            .order_by(Notice.number_seq)
        )
    )
    db.session.rollback()
    for done, notice_id in enumerate(ids, 1):
        make(notice_id)
        if done % 10 == 0 or done == len(ids):
            run.progress(done, len(ids))


def make(notice_id):
    """Draw one numbered notice outside any unit, then store its PDF and send its copies in one."""
    from app.notices.document.pdf import notice_pdf  # typst is large: only the worker loads it

    notice = db.session.get(Notice, notice_id)
    pdf = notice_pdf(Document.from_json(notice.document), timestamp=notice.issued_at)
    filename = f"{notice.document['number_text']}.pdf"
    db.session.rollback()
    with unit_of_work():
        stored = files.store(pdf, filename, "application/pdf")
        taken = db.session.execute(
            update(Notice)
            .where(Notice.id == notice_id, Notice.state == "numbered")
            .values(state="issued", pdf_id=stored.id, pdf_digest=stored.sha256)
        ).rowcount
        if not taken:
            db.session.delete(stored)
            return
        notice = db.session.get(Notice, notice_id, populate_existing=True)
        delivery.send_copies(notice, now=clock.now())


def withdraw(notice, *, person, reason, now):
    """Withdraw one issued notice, for a reason that its readers see; it stays readable, marked. Raises NotIssued."""
    taken = db.session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.state == "issued")
        .values(state="withdrawn", withdrawn_at=now, withdrawn_why=reason)
    ).rowcount
    if not taken:
        raise errors.NotIssued
    record("notice.withdraw", notice, reason=reason)
