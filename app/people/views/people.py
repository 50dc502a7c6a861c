"""People for administrators, auditors (numbers masked) and liaisons (their own unit): lists, one person, adding and changing."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.pages import paged, render_page
from app.people import queries, throttle
from app.people.errors import AccountTaken, PhoneTaken
from app.people.filters import PeopleFilter
from app.people.forms.people import PersonForm
from app.people.service import people as service
from app.people.views import bp
from app.people.views.stale import differences
from app.people.views.units import unit_choice


@bp.get("/admin/people")
@requires("people.read")
def list_people():
    """The people of one's units, searched and filtered."""
    paths, wanted = current_user.scope_paths("people.read"), PeopleFilter.of(request.args)
    page = paged(queries.people_in(paths, wanted, by_phone=current_user.may("people.write")))
    units = db.session.scalars(queries.units_in(paths).limit(500)).all()
    return render_page("people/list_people.html", page=page, wanted=wanted, units=units)


@bp.get("/unit/people")
@requires("people.read")
def list_unit_people():
    """A liaison's own people."""
    paths, wanted = (
        current_user.scope_paths("unit.home") or current_user.scope_paths("people.read"),
        PeopleFilter.of(request.args),
    )
    page = paged(queries.people_in(paths, wanted))
    return render_page(
        "people/list_unit_people.html",
        page=page,
        wanted=wanted,
        units=db.session.scalars(queries.units_in(paths).limit(500)).all(),
    )


@bp.get("/admin/people/<int:person_id>")
@requires("people.read")
def show_person(person_id):
    """One person: who, where, which roles, which posts, and what may be done."""
    person = db.first_or_404(queries.person_in(current_user.scope_paths("people.read"), person_id))
    now = clock.now()
    entries: Sequence = []
    if current_user.may("audit.read"):
        entries = db.session.scalars(queries.audit_of("people", person.id).limit(20)).all()
    return render_page("people/show_person.html", person=person, posts=queries.posts_of(person.id), locked_until=throttle.locked_until(person, now=now),
                       signed_in=queries.live_sign_ins(person.id, now=now), entries=entries,
                       may_write=current_user.may_in("people.write", person.unit), may_grant=current_user.may("grant.write"))  # fmt: skip


@bp.route("/admin/people/new", methods=["GET", "POST"])
@requires("people.write")
def new_person():
    """Add a person to one of one's units."""
    form = _form(None)
    if request.method == "GET":
        form.unit_id.data = request.args.get("unit", type=int)
        return render_page("people/edit_person.html", form=form, person=None)
    if not form.validate():
        return render_page("people/edit_person.html", form=form, person=None, status=422)
    try:
        with unit_of_work():
            person_id = service.add_person(_values(form), now=clock.now()).id
    except (AccountTaken, PhoneTaken) as refusal:
        return _refused(form, None, refusal)
    flash(_("The person is added. Issue a one-time password so that they can sign in."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


@bp.route("/admin/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires("people.write")
def edit_person(person_id):
    """Change a person, or move them to another of one's units (R50)."""
    person = own_person(person_id)
    form = _form(person)
    if request.method == "GET":
        form.version.data = person.version
        return render_page("people/edit_person.html", form=form, person=person)
    if not form.validate():
        return render_page("people/edit_person.html", form=form, person=person, status=422)
    try:
        with unit_of_work():
            service.change_person(
                current_user, own_person(person_id), _values(form), version=int(form.version.data or 0), now=clock.now()
            )
    except Stale:
        person = own_person(person_id)
        form.version.data = person.version
        return render_page(
            "people/edit_person.html", form=form, person=person, stale=differences(form, person, service.FIELDS), status=409
        )
    except (AccountTaken, PhoneTaken) as refusal:
        return _refused(form, own_person(person_id), refusal)
    flash(_("Saved."), "ok")
    return redirect(url_for(".show_person", person_id=person_id), 303)


def own_person(person_id):
    """The person, if in a unit whose people one may change; else 404."""
    return db.first_or_404(queries.person_in(current_user.scope_paths("people.write"), person_id))


def _form(person):
    form = PersonForm(obj=person)
    units = db.session.scalars(queries.units_in(current_user.scope_paths("people.write")))
    form.unit_id.choices = [unit_choice(unit) for unit in units]
    return form


def _values(form):
    return {name: getattr(form, name).data for name in service.FIELDS}


def _refused(form, person, refusal):
    field = form.phone if isinstance(refusal, PhoneTaken) else form.account
    field.errors = [refusal.text]
    return render_page("people/edit_person.html", form=form, person=person, status=refusal.status)
