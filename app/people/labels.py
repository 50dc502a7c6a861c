"""Words for what the operation log holds: acts, things, fields. Other parts add their acts to `core.audit.ACTIONS`."""

from flask_babel import lazy_gettext as _l

from app.core import audit
from app.people.models import ROLE_LABELS, UNIT_KIND_LABELS

audit.ACTIONS.update({
    "sign_in": _l("Signed in"),
    "sign_in_failed": _l("Sign-in failed"),
    "sign_out": _l("Signed out"),
    "sign_in.end": _l("Signed out on other devices"),
    "password.change": _l("Password changed"),
    "password.issue": _l("One-time password issued"),
    "password.wrong": _l("Wrong password when confirming"),
    "person.add": _l("Person added"),
    "person.change": _l("Person changed"),
    "person.contact": _l("Own phone or e-mail changed"),
    "person.deactivate": _l("Account closed"),
    "person.reactivate": _l("Account opened again"),
    "person.unlock": _l("Account unlocked"),
    "grant.add": _l("Role granted"),
    "grant.revoke": _l("Role revoked"),
    "unit.add": _l("Unit added"),
    "unit.change": _l("Unit changed"),
    "roster.apply": _l("Roster imported"),
    "roster.passwords": _l("One-time passwords issued for a roster"),
    "roster.export": _l("People exported"),
    "audit.verify": _l("Audit chain checked"),
})  # fmt: skip

ACTORS = {
    "system": _l("the system"),
    "worker": _l("the system"),
    "command": _l("the server's command line"),
    "not signed in": _l("not signed in"),
}

OBJECTS = {
    "people": _l("person"),
    "units": _l("unit"),
    "name": _l("unknown name"),
    "audit_entries": _l("operation log"),
    "roster_imports": _l("roster"),
    "sittings": _l("test"),
    "attempts": _l("answer sheet"),
    "notices": _l("notice"),
    "notice_copies": _l("notice copy"),
    "papers": _l("paper"),
    "questions": _l("question"),
    "banks": _l("question bank"),
    "trainings": _l("training"),
    "courses": _l("course"),
}

FIELDS = {
    "account": _l("account"), "code": _l("code"), "count": _l("number"), "email": _l("e-mail"), "ended": _l("devices signed out"),
    "is_active": _l("in use"), "kind": _l("kind"), "known_browser": _l("known browser"), "locked": _l("locked"), "name": _l("name"),
    "other_sign_ins_ended": _l("other devices signed out"), "parent_id": _l("unit above"), "phone": _l("phone"), "position": _l("position"),
    "reason": _l("reason"), "replaces_issued": _l("replaces a one-time password"), "role": _l("role"), "rows": _l("rows"),
    "short_name": _l("short name"), "sign_ins_ended": _l("devices signed out"), "sort": _l("place"), "unit": _l("unit"), "unit_id": _l("unit"),
    "until": _l("until"), "roles": _l("roles"),
}  # fmt: skip

MOST_SHOWN = 12  # values of one list or group; the log holds all of them


def shown(name, value):
    """Return a value of an audit entry's detail as people read it."""
    words = {"role": ROLE_LABELS, "roles": ROLE_LABELS, "kind": UNIT_KIND_LABELS}.get(name, {})
    if value is True or value is False:
        return _l("yes") if value else _l("no")
    if isinstance(value, list):
        return (
            "、".join(str(words.get(one, one)) if isinstance(one, str | int) else str(one) for one in value[:MOST_SHOWN]) or "-"
        )
    if isinstance(value, dict):
        more = "…" if len(value) > MOST_SHOWN else ""
        return (
            "，".join(f"{FIELDS.get(key, key)} {shown(key, one)}" for key, one in list(value.items())[:MOST_SHOWN]) + more or "-"
        )
    return words.get(value, value) if value not in (None, "") else "-"


def as_fields(value):
    """Return what was before or after an act as {field: value}; a plain value has no field's name."""
    return value if isinstance(value, dict) else {} if value is None else {"": value}
