"""The roster: who is on it, by person and by unit; people added by unit, position or list; taken off."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.fields import clean, options
from app.core.pages import after_post, paged, render_page
from app.exams.queries.planning import people_meant
from app.exams.rules.sittings import read_list
from app.trainings import rules, service
from app.trainings.forms import AddNamesForm, AddUnitsForm
from app.trainings.models import Training
from app.trainings.queries import roster as queries
from app.trainings.views import bp, get_training

PEOPLE_A_PAGE = 50


@bp.get("/trainings/<int:training_id>/roster")
@requires("training.read")
def show_roster(training_id):
    """The people of a training, or its units with what they confirmed (`view=units`)."""
    training = get_training(training_id)
    by_unit = queries.by_unit(training)
    may_write = training.state != "closed" and current_user.may_in("training.write", training.unit)
    values = {
        "training": training,
        "lines": by_unit,
        "may_write": may_write,
        "now": clock.now(),
        "total": sum(line.people for line in by_unit),
    }
    if request.args.get("view") == "units":
        return render_page("trainings/show_roster_units.html", **values)
    unit = next((line.unit for line in by_unit if line.unit.id == request.args.get("unit", type=int)), None)
    words = clean(request.args.get("q", ""))[:100]
    page = paged(queries.participants(training_id, unit_path=unit.path if unit else None, words=words), size=PEOPLE_A_PAGE)
    return render_page("trainings/show_roster.html", page=page, unit=unit, q=words, **values)


@bp.post("/trainings/<int:training_id>/roster/remove")
@requires("training.write")
def remove_people(training_id):
    """Take the ticked people off the roster."""
    get_training(training_id, "training.write")
    ids = request.form.getlist("id", type=int)[:1000]
    with unit_of_work():
        count = service.remove_people(db.session.get(Training, training_id), ids)
    if count:
        flash(ngettext("%(num)s person is off the roster.", "%(num)s people are off the roster.", count), "ok")
    else:
        flash(_("Nobody was ticked, so nobody was taken off."), "info")
    return after_post(url_for(".show_roster", training_id=training_id, unit=request.form.get("unit", type=int)))


def _add_page(training, units=None, names=None, problems=(), known=0, status=200):
    units = units or _units_form(training)
    return render_page(
        "trainings/add_people.html",
        training=training,
        units=units,
        names=names or AddNamesForm(formdata=None),
        problems=problems,
        known=known,
        status=status,
    )


def _units_form(training, **kwargs):
    form = AddUnitsForm(**kwargs)
    form.unit_ids.choices = options([(unit.id, unit.name) for unit in queries.choosable_units(training)])
    form.positions.choices = options(
        [(name, _("%(position)s (%(num)s)", position=name, num=count)) for name, count in queries.positions(training)]
    )
    return form


@bp.get("/trainings/<int:training_id>/roster/add")
@requires("training.write")
def add_people(training_id):
    """Ask whom to add."""
    return _add_page(get_training(training_id, "training.write"))


@bp.post("/trainings/<int:training_id>/roster/units")
@requires("training.write")
def add_units(training_id):
    """Add everybody of some units who holds some positions."""
    training = get_training(training_id, "training.write")
    form = _units_form(training)
    if not form.validate():
        return _add_page(training, units=form, status=422)
    chosen = [unit for unit in queries.choosable_units(training) if unit.id in form.unit_ids.data]
    people = queries.chosen_people(training, chosen, form.positions.data)
    if not people:
        form.unit_ids.errors = [_("Nobody in these units holds these positions.")]
        return _add_page(training, units=form, status=422)
    return _added(training_id, people)


@bp.post("/trainings/<int:training_id>/roster/names")
@requires("training.write")
def add_names(training_id):
    """Add a pasted list; lines that are not clear are shown by number, and nothing is stored until the person says so."""
    training = get_training(training_id, "training.write")
    form = AddNamesForm()
    if not form.validate():
        return _add_page(training, names=form, status=422)
    text = rules.tidy(form.names.data)
    people, unclear = read_list(text, people_meant(text, [training.unit.path]))
    if unclear and ("partly" not in request.form or not people):
        return _add_page(training, names=form, problems=unclear, known=len(people), status=422)
    return _added(training_id, people)


def _added(training_id, people):
    with unit_of_work():
        count = service.add_people(db.session.get(Training, training_id), people, now=clock.now())
    already = len(set(people)) - count
    words = ngettext("%(num)s person added.", "%(num)s people added.", count)
    if already:
        words = _("%(added)s %(num)s were on the roster already.", added=words, num=already)
    flash(words, "ok")
    return after_post(url_for(".show_roster", training_id=training_id))
