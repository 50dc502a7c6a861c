"""Pages of the people part: signing in and own settings, and the administrators' screens."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.core import audit
from app.core.shell import add_navigation, add_tab
from app.people import browsers, labels, sessions
from app.people.models import ROLE_LABELS, UNIT_KIND_LABELS

bp = Blueprint("people", __name__)

from app.people.views import log, me, people, person_acts, rosters, sign_in, units  # noqa: E402, F401 - they add their routes to bp


def init_app(app):
    """Hook sign-in into every request."""
    sessions.init_app(app)
    app.after_request(browsers.add_cookie)
    app.jinja_env.globals["session_seconds_left"] = sessions.seconds_left_here


@bp.context_processor
def _words():
    return {
        "unit_kinds": UNIT_KIND_LABELS, "role_labels": ROLE_LABELS, "action_labels": audit.ACTIONS, "actor_names": labels.ACTORS,
        "object_names": labels.OBJECTS, "field_names": labels.FIELDS, "audit_value": labels.shown, "audit_fields": labels.as_fields,
    }  # fmt: skip


@add_navigation
def _entries(person):
    entries = []
    if person.may("unit.home"):
        entries.append(("home", 40, _l("People of my unit"), "people.list_unit_people", "users", None))
    if person.may("people.write") or person.may("audit.read"):
        entries.append(("manage", 10, _l("Units and people"), "people.list_units", "building-2", None))
    if person.may("audit.read"):
        entries.append(("manage", 80, _l("Operation log"), "people.list_audit", "list", None))
    return entries


add_tab(90, _l("Me"), "people.show_me", "user")
