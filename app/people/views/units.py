"""The unit tree for administrators: list, one unit with its people, adding and changing."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.pages import paged, render_page
from app.people import queries
from app.people.errors import UnitCodeTaken, UnitInUse, UnitLoop
from app.people.filters import PeopleFilter
from app.people.forms.people import UnitForm
from app.people.models import Unit
from app.people.service import units as service
from app.people.views import bp
from app.people.views.stale import differences

UNIT_FIELDS = ("code", "name", "short_name", "kind", "parent_id", "sort", "is_active")


@bp.get("/admin/units")
@requires("people.read")
def list_units():
    """The units one may see, by kind and place, with how many people they have and who their liaisons are."""
    wanted, state = request.args.get("q", "").strip()[:100], "stopped" if request.args.get("state") == "stopped" else "active"
    page = paged(queries.unit_rows(current_user.scope_paths("people.read"), wanted, state), size=60, scalars=False)
    liaisons = queries.liaisons_of([row[0].id for row in page.rows])
    return render_page("people/list_units.html", page=page, liaisons=liaisons, q=wanted, state=state)


@bp.get("/admin/units/<int:unit_id>")
@requires("people.read")
def show_unit(unit_id):
    """One unit, the units below it and its people."""
    paths = current_user.scope_paths("people.read")
    unit = db.first_or_404(queries.unit_in(paths, unit_id))
    below = db.session.execute(queries.unit_rows([unit.path], None, None).where(Unit.parent_id == unit.id)).all()
    people = paged(queries.people_in([unit.path], PeopleFilter(unit=unit.id)))
    return render_page("people/show_unit.html", unit=unit, below=below, page=people, liaisons=queries.liaisons_of([unit.id]).get(unit.id, []),
                       may_write=current_user.may_in("unit.write", unit))  # fmt: skip


@bp.route("/admin/units/new", methods=["GET", "POST"])
@requires("unit.write")
def new_unit():
    """Add a unit below one of one's own."""
    form = _form(None)
    if request.method == "GET":
        form.parent_id.data = request.args.get("parent", type=int)
        return render_page("people/edit_unit.html", form=form, unit=None)
    if not form.validate():
        return render_page("people/edit_unit.html", form=form, unit=None, status=422)
    try:
        with unit_of_work():
            unit = service.add_unit(_values(form), _parent(form), now=clock.now())
            unit_id = unit.id
    except UnitCodeTaken as refusal:
        form.code.errors = [refusal.text]
        return render_page("people/edit_unit.html", form=form, unit=None, status=refusal.status)
    flash(_("The unit is added."), "ok")
    return redirect(url_for(".show_unit", unit_id=unit_id), 303)


@bp.route("/admin/units/<int:unit_id>/edit", methods=["GET", "POST"])
@requires("unit.write")
def edit_unit(unit_id):
    """Change a unit, or move it below another; both ends must be one's own (R50)."""
    unit = _own(unit_id)
    form = _form(unit)
    if request.method == "GET":
        return render_page("people/edit_unit.html", form=form, unit=unit)
    if not form.validate():
        return render_page("people/edit_unit.html", form=form, unit=unit, status=422)
    try:
        with unit_of_work():
            service.change_unit(_own(unit_id), _values(form), _parent(form), version=int(form.version.data or 0))
    except Stale:
        return _compare(form, unit_id)
    except (UnitCodeTaken, UnitLoop, UnitInUse) as refusal:
        field = {
            UnitCodeTaken: form.code,
            UnitLoop: form.parent_id if "parent_id" in form else form.code,
            UnitInUse: form.is_active,
        }[type(refusal)]
        field.errors = [refusal.text]
        return render_page("people/edit_unit.html", form=form, unit=_own(unit_id), status=refusal.status)
    flash(_("The unit is saved."), "ok")
    return redirect(url_for(".show_unit", unit_id=unit_id), 303)


def _compare(form, unit_id):
    """Someone saved in the meantime: show both texts, and let the next press save knowingly (R25)."""
    unit = _own(unit_id)
    form.version.data = unit.version
    return render_page("people/edit_unit.html", form=form, unit=unit, stale=differences(form, unit, UNIT_FIELDS), status=409)


def _own(unit_id):
    return db.first_or_404(queries.unit_in(current_user.scope_paths("unit.write"), unit_id))


def _form(unit):
    """The form, its choices narrowed to one's own units; without the field for the unit above where there is none to choose."""
    form = UnitForm(obj=unit)
    if request.method == "GET" and unit is not None:
        form.version.data = unit.version
    choices = [
        other
        for other in db.session.scalars(queries.units_in(current_user.scope_paths("unit.write")))
        if unit is None or not other.path.startswith(unit.path)
    ]
    if unit is not None and all(other.id != unit.parent_id for other in choices):
        del form.parent_id  # the root, or the top of one's own units: it stays where it is
    else:
        form.parent_id.choices = [unit_choice(other) for other in choices]
    return form


def unit_choice(unit):
    """One unit in a list to choose from."""
    return SelectChoice(unit.id, f"{unit.name}（{unit.code}）")


def _values(form):
    return {name: getattr(form, name).data for name in UNIT_FIELDS if name != "parent_id"}


def _parent(form):
    if "parent_id" not in form:
        return None
    return db.session.get(Unit, form.parent_id.data) or abort(422)
