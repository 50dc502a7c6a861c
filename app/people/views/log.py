"""The operation log for auditors: the audit chain, newest first, and whether it is whole."""

from flask import redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from app.core import audit
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.jobs import Job, enqueue
from app.core.pages import paged, render_page
from app.people import queries
from app.people.filters import AuditFilter
from app.people.jobs import VERIFY
from app.people.views import bp


@bp.get("/admin/audit")
@requires("audit.read")
def list_audit():
    """The entries, by person, act and day."""
    wanted = AuditFilter.of(request.args)
    page = paged(queries.audit_entries(wanted), size=50)
    actions = sorted(audit.ACTIONS.items(), key=lambda item: str(item[1]))
    return render_page(
        "people/list_audit.html", part="people/_audit_check.html", page=page, wanted=wanted, actions=actions, check=_last_check()
    )


@bp.post("/admin/audit/verify")
@requires("audit.read")
def verify_audit():
    """Check the whole chain in the background; the list shows the outcome."""
    with unit_of_work():
        audit.record("audit.verify", object_type="audit_entries")
        enqueue(VERIFY, {}, created_by_id=current_user.id, max_attempts=3)
    return redirect(url_for(".list_audit"), 303)


def _last_check():
    return db.session.scalars(select(Job).where(Job.kind == VERIFY).order_by(Job.id.desc()).limit(1)).one_or_none()
