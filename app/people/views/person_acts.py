"""What administrators do to one person: one-time password, stop and take back, unlock, sign out everywhere, roles."""

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Refusal
from app.core.pages import render_page
from app.people import passwords, queries, reauth
from app.people.errors import AlreadyGranted, AuditorAlone
from app.people.forms.people import GrantForm, ReasonForm
from app.people.models import RoleGrant
from app.people.service import grants, own
from app.people.service import people as service
from app.people.views import bp
from app.people.views.people import own_person
from app.people.views.units import unit_choice


@bp.route("/admin/people/<int:person_id>/password", methods=["GET", "POST"])
@requires("people.write")
@reauth.confirmed
def reset_password(person_id):
    """Issue a random one-time password; it is shown on the answering page and nowhere else (R40)."""
    person = own_person(person_id)
    service.must_reach(current_user, person)
    if request.method == "GET":
        return render_page("people/reset_password.html", person=person, code=None)
    code = passwords.new_code()
    code_hash = passwords.hash_password(code)
    with unit_of_work():
        days = current_app.extensions["settings"].issued_password_days
        until = service.issue_password(current_user, own_person(person_id), code_hash, now=clock.now(), days=days)
    return render_page("people/reset_password.html", person=own_person(person_id), code=code, until=until)


@bp.route("/admin/people/<int:person_id>/deactivate", methods=["GET", "POST"])
@requires("people.write")
def deactivate(person_id):
    """Close an account."""
    return _with_reason(
        person_id, "people/deactivate.html", service.deactivate, _("The account is closed and signed out everywhere.")
    )


@bp.route("/admin/people/<int:person_id>/reactivate", methods=["GET", "POST"])
@requires("people.write")
def reactivate(person_id):
    """Open a closed account again."""
    return _with_reason(person_id, "people/reactivate.html", service.reactivate, _("The account is open again."))


def _with_reason(person_id, template, act, done):
    person, form = own_person(person_id), ReasonForm()
    if request.method == "GET":
        return render_page(template, person=person, form=form)
    if not form.validate():
        return render_page(template, person=person, form=form, status=422)
    with unit_of_work():
        act(current_user, own_person(person_id), form.reason.data, now=clock.now())
    flash(done, "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


@bp.post("/admin/people/<int:person_id>/unlock")
@requires("people.write")
def unlock(person_id):
    """End a lockout."""
    with unit_of_work():
        service.unlock(own_person(person_id))
    flash(_("The account can sign in again."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


@bp.post("/admin/people/<int:person_id>/sign-out")
@requires("people.write")
def end_sign_ins(person_id):
    """Sign the person out everywhere."""
    with unit_of_work():
        own.end_sign_ins(own_person(person_id), now=clock.now())
    flash(_("Signed out on all devices."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


@bp.route("/admin/people/<int:person_id>/roles/new", methods=["GET", "POST"])
@requires("grant.write")
@reauth.confirmed
def grant_role(person_id):
    """Grant a role for one of one's own units (R46, R50)."""
    person, form = _grantee(person_id), GrantForm()
    form.unit_id.choices = [
        unit_choice(unit) for unit in db.session.scalars(queries.units_in(current_user.scope_paths("grant.write")))
    ]
    if request.method == "GET":
        form.unit_id.data = person.unit_id
        return render_page("people/grant_role.html", person=person, form=form)
    if not form.validate():
        return render_page("people/grant_role.html", person=person, form=form, status=422)
    try:
        with unit_of_work():
            unit = db.first_or_404(queries.unit_in(current_user.scope_paths("grant.write"), form.unit_id.data))
            grants.grant_role(current_user, _grantee(person_id), form.role.data, unit, form.reason.data, now=clock.now())
    except (AlreadyGranted, AuditorAlone) as refusal:
        return _refused(form, person_id, refusal)
    flash(_("The role is granted."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


def _refused(form, person_id, refusal: Refusal):
    form.role.errors = [refusal.text]
    return render_page("people/grant_role.html", person=_grantee(person_id), form=form, status=refusal.status)


@bp.route("/admin/people/<int:person_id>/roles/<int:grant_id>/revoke", methods=["GET", "POST"])
@requires("grant.write")
@reauth.confirmed
def revoke_role(person_id, grant_id):
    """Take a role away, with a reason."""
    person, form = _grantee(person_id), ReasonForm()
    grant = db.first_or_404(
        db.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    )
    if request.method == "GET":
        return render_page("people/revoke_role.html", person=person, grant=grant, form=form)
    if not form.validate():
        return render_page("people/revoke_role.html", person=person, grant=grant, form=form, status=422)
    with unit_of_work():
        grants.revoke_role(
            current_user, _grantee(person_id), db.session.get(RoleGrant, grant_id), form.reason.data, now=clock.now()
        )
    flash(_("The role is revoked."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


def _grantee(person_id):
    """The person, if in a unit for which one may grant roles (R50: the source too)."""
    return db.first_or_404(queries.person_in(current_user.scope_paths("grant.write"), person_id))
