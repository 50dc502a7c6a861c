"""A roster on its way in: uploaded, read and planned by a job, shown, applied by a job when an administrator says so.

Reading, planning and hashing run outside units of work; each step's outcome is one short unit guarded by the import's state, so
every job may run twice (R26) and a crash leaves nothing half done (R27).
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock, files
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.errors import TooMany
from app.core.jobs import GiveUp, enqueue
from app.people import passwords
from app.people.errors import ImportNotReady
from app.people.models import Person, RosterImport
from app.people.roster import sheet
from app.people.roster.apply import Outdated, apply_plan
from app.people.roster.lines import lines_of
from app.people.roster.plan import make_plan
from app.people.roster.problems import FileRefused
from app.people.roster.read import read
from app.people.roster.rows import understand
from app.people.roster.snapshot import stored_for
from app.people.writes import rows_met

READ, APPLY, ISSUE = "people.roster_read", "people.roster_apply", "people.roster_passwords"
A_DAY, MOST_A_DAY, MOST_RUNNING = timedelta(days=1), 20, 2  # R79
KEEP_PASSWORDS = timedelta(hours=24)
KEEP_ROSTERS = timedelta(days=30)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def begin_import(person, filename, data, *, deactivate_missing, now):
    """Store an uploaded roster and have it read; return the RosterImport. Inside a unit of work; raises TooMany."""
    mine = select(RosterImport.id).where(RosterImport.created_by_id == person.id)
    if len(db.session.scalars(mine.where(RosterImport.created_at > now - A_DAY)).all()) >= MOST_A_DAY:
        raise TooMany(retry_after=3600)
    if len(db.session.scalars(mine.where(RosterImport.state.in_(("reading", "applying")))).all()) >= MOST_RUNNING:
        raise TooMany(retry_after=30)
    stored = files.store(data, filename, "application/octet-stream", owner_id=person.id, expires_at=now + KEEP_ROSTERS)
    row = RosterImport(
        file_id=stored.id, deactivate_missing=deactivate_missing, created_by_id=person.id, created_at=now, counts={}
    )
    db.session.add(row)
    db.session.flush()
    row.job_id = enqueue(READ, {"import": row.id}, created_by_id=person.id, max_attempts=5).id
    return row


def plan_of(data, filename, actor, *, deactivate_missing, limited=True):
    """Return (the Plan of a roster's bytes as `actor` may carry it out, what is Stored). Outside units of work; raises FileRefused."""
    table = read(filename, data, limited=limited)
    rows, problems = understand(table)
    stored = stored_for(actor)
    db.session.rollback()
    return make_plan(table, rows, problems, stored, deactivate_missing=deactivate_missing), stored


def _plan(row):
    """Plan an import's file as whoever uploaded it may carry it out now."""
    if row.file is None:
        raise GiveUp("the contents of this roster were deleted")
    return plan_of(row.file.read(), row.file.filename, row.created_by, deactivate_missing=row.deactivate_missing)


def read_import(import_id, progress):
    """Read and plan an import, and keep the outcome for its page."""
    row = db.session.get(RosterImport, import_id)
    if row is None or row.state != "reading":
        return
    progress(1, 3)
    try:
        plan, stored = _plan(row)
    except FileRefused as refusal:
        with unit_of_work():
            _become("refused", import_id, "reading", refusal={"code": refusal.code, "values": refusal.values})
        return
    progress(2, 3)
    _keep_plan(import_id, "reading", plan, stored)


def _keep_plan(import_id, state, plan, stored, **more):
    lines = lines_of(plan, stored)
    counts = plan.counts | {"ignored": plan.ignored, "fields": plan.fields, "has_work": plan.has_work} | more
    with unit_of_work():
        _become("planned", import_id, state, lines=lines, counts=counts, digest=plan.digest)


def _become(state, import_id, before, **values):
    """Change the state if it still is what it was; return whether it was (R21)."""
    query = update(RosterImport).where(RosterImport.id == import_id, RosterImport.state == before)
    return rows_met(query.values(state=state, **values)) == 1


def order_apply(row, digest):
    """Have a planned import applied: exactly the plan that was shown. Inside a unit of work; raises ImportNotReady."""
    if row.digest != digest or not _become("applying", row.id, "planned"):
        raise ImportNotReady
    row.job_id = enqueue(APPLY, {"import": row.id}, created_by_id=row.created_by_id, max_attempts=5).id


def apply_import(import_id, progress):
    """Apply an import if the plan still is the one that was shown; else show the new one."""
    row = db.session.get(RosterImport, import_id)
    if row is None or row.state != "applying":
        return
    progress(1, 3)
    plan, stored = _plan(row)
    if plan.digest != row.digest:
        _keep_plan(import_id, "applying", plan, stored, outdated=True)
        return
    progress(2, 3)
    try:
        with unit_of_work():
            if _become("applied", import_id, "applying", applied_at=clock.now()):
                carry_out(
                    plan, db.session.get(Person, row.created_by_id), row.file.filename if row.file else "", import_id=import_id
                )
    except (Outdated, IntegrityError):
        plan, stored = _plan(row)
        _keep_plan(import_id, "applying", plan, stored, outdated=True)


def carry_out(plan, actor, filename, *, import_id=None):
    """Write a plan, with the roster's own audit entry. Inside a unit of work. actor: a Person, or "command"."""
    added = apply_plan(plan, now=clock.now(), actor=actor)
    if import_id is not None:
        db.session.execute(update(RosterImport).where(RosterImport.id == import_id).values(added_ids=added))
    record(
        "roster.apply",
        object_type="roster_imports",
        object_id=import_id or "",
        actor=actor,
        file=filename,
        after={**plan.counts, "digest": plan.digest},
    )


def order_passwords(row):
    """Have one-time passwords issued for the people an import added. Inside a unit of work; raises ImportNotReady."""
    if row.state != "applied" or not waiting_for_password(row.added_ids or []):
        raise ImportNotReady
    row.job_id = enqueue(ISSUE, {"import": row.id}, created_by_id=row.created_by_id, max_attempts=3).id


def waiting_for_password(person_ids):
    """Return the ids, out of these, of active people who have no password of their own yet."""
    found: list = []
    for start in range(0, len(person_ids), 500):
        query = select(Person.id).where(Person.id.in_(person_ids[start : start + 500]), _waits())
        found += db.session.scalars(query)
    return found


def _waits():
    return Person.is_active & or_(Person.password_hash.is_(None), Person.password_issued_until.is_not(None))


def issue_passwords(import_id, progress):
    """Make, hash and store one-time passwords, and the workbook that hands them over: for one person, for a day (R40, R68)."""
    row = db.session.get_one(RosterImport, import_id)
    people = _people(waiting_for_password(row.added_ids or []))
    owner_id = row.created_by_id
    db.session.rollback()
    codes = {}
    for done, (person_id, *_rest) in enumerate(people):
        if done % 20 == 0:
            progress(done, len(people))
        code = passwords.new_code()
        codes[person_id] = (code, passwords.hash_password(code))
    now = clock.now()
    until = now + timedelta(days=current_app.extensions["settings"].issued_password_days)
    lines = [(unit, name, account, codes[person_id][0]) for person_id, unit, name, account in people]
    notes = [
        f"{clock.machine_time(now)} 生成，{clock.machine_time(until)} 前有效，每个密码只能用于一次登录。",
        "请分别交给本人，用后删除本文件。",
    ]
    data = sheet.passwords(lines, notes)
    with unit_of_work():
        file = files.store(data, f"一次性密码-{import_id}.xlsx", MEDIA_TYPE, owner_id=owner_id, expires_at=now + KEEP_PASSWORDS)
        _store_hashes({person_id: code_hash for person_id, (code, code_hash) in codes.items()}, now, until)
        db.session.execute(update(RosterImport).where(RosterImport.id == import_id).values(passwords_file_id=file.id))
        owner = db.session.get(Person, owner_id)
        record(
            "roster.passwords",
            object_type="roster_imports",
            object_id=import_id,
            actor=owner,
            count=len(people),
            until=clock.machine_time(until),
        )


def _people(ids):
    """Return [(id, unit, name, account)] by unit and name."""
    found: list = []
    for start in range(0, len(ids), 500):
        found += db.session.scalars(select(Person).where(Person.id.in_(ids[start : start + 500]))).all()
    return [
        (one.id, one.unit.name, one.name, one.account) for one in sorted(found, key=lambda one: (one.unit.code, one.name, one.id))
    ]


def _store_hashes(hashes, now, until):
    for person_id, code_hash in hashes.items():
        query = update(Person).where(Person.id == person_id, _waits())
        if not rows_met(query.values(password_hash=code_hash, password_issued_until=until, updated_at=now)):
            raise Outdated  # somebody chose a password meanwhile: the job runs again without them


def forget_old(now):
    """Delete the contents of password files a day old and of rosters a month old; the counts of a roster stay."""
    with unit_of_work():
        old = db.session.scalars(
            select(files.StoredFile).where(files.StoredFile.expires_at <= now, files.StoredFile.id.in_(_own_files()))
        ).all()
        ids, paths = [file.id for file in old], [file.path for file in old]
        db.session.execute(update(RosterImport).where(RosterImport.passwords_file_id.in_(ids)).values(passwords_file_id=None))
        db.session.execute(
            update(RosterImport).where(RosterImport.file_id.in_(ids)).values(file_id=None, lines=None, added_ids=None)
        )
        for file in old:
            db.session.delete(file)
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _own_files():
    both = (select(column).where(column.is_not(None)) for column in (RosterImport.file_id, RosterImport.passwords_file_id))
    return next(both).union(next(both))
