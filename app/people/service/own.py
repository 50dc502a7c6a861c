"""What people change of their own: password, phone, e-mail, text size, language, their signed-in devices."""

from sqlalchemy import or_, select, update

from app.core.audit import record
from app.core.db import db
from app.people import passwords, rules, sessions
from app.people.errors import PasswordRefused, PhoneTaken
from app.people.models import Person


def set_preferences(person, **chosen):
    """Keep text size and language with the account. Not on the audit chain: it concerns nobody else. Inside a unit of work."""
    db.session.execute(update(Person).where(Person.id == person.id).values(**chosen))


def adopt_choices(person, choices):
    """Take over what was chosen on this browser's sign-in page just before. Inside a unit of work."""
    if choices.get("chosen_here"):
        set_preferences(person, **{name: choices[name] for name in ("text_size", "locale") if name in choices})


def check_new_password(person, password, again):
    """Raise PasswordRefused, naming every rule that the new password breaks (R39)."""
    words = [person.name, person.account, person.phone or "", (person.phone or "")[-8:], person.unit.name, person.unit.short_name]
    problems = rules.password_problems(password, own_words=words, common=passwords.common_passwords())
    if password != again:
        problems.append("different")
    if passwords.matches(person.password_hash, password):
        problems.append("same")
    if problems:
        raise PasswordRefused(problems)


def set_password(person, new_hash, *, now):
    """Store a new own password and end all other sign-ins (R45). Inside a unit of work."""
    issued = person.password_issued_until is not None
    row = db.session.get_one(Person, person.id, populate_existing=True)
    row.password_hash, row.password_issued_until, row.updated_at = new_hash, None, now
    ended = sessions.revoke(row.id, now=now, keep_id=person.current_sign_in.id)
    record("password.change", row, actor=row, replaces_issued=issued, other_sign_ins_ended=ended)


def set_contact(person, phone, email, *, now):
    """Change one's own phone and e-mail (R46). Inside a unit of work; raises PhoneTaken."""
    if phone and phone_taken(phone, person.id):
        raise PhoneTaken
    before = {"phone": rules.masked_phone(person.phone), "email": person.email}
    row = db.session.get_one(Person, person.id, populate_existing=True)
    row.phone, row.email, row.updated_at = phone or None, email or None, now
    record("person.contact", row, before=before, after={"phone": rules.masked_phone(row.phone), "email": row.email})


def phone_taken(phone, person_id):
    """True when another person signs in with this number: as their phone or as their account."""
    others = select(Person.id).where(or_(Person.phone == phone, Person.account == phone), Person.id != (person_id or 0))
    return db.session.scalar(others.limit(1)) is not None


def end_sign_ins(person, *, now, only_id=None, keep_id=None):
    """Sign out one of the person's devices, or all but one. Inside a unit of work; returns how many."""
    ended = sessions.revoke(person.id, now=now, only_id=only_id, keep_id=keep_id)
    record("sign_in.end", person, ended=ended)
    return ended
