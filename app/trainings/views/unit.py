"""A unit's side: its people on the rosters, and its word that they are right."""

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.pages import after_post, paged, render_page
from app.trainings import rules, service
from app.trainings.errors import RosterChanged
from app.trainings.forms import SeenForm
from app.trainings.models import Training
from app.trainings.queries import roster as rosters
from app.trainings.queries import trainings as queries
from app.trainings.queries import waiting
from app.trainings.views import bp


@bp.get("/unit/trainings")
@requires("training.confirm")
def list_unit_trainings():
    """The trainings with people of ours, the latest first."""
    page = paged(queries.unit_trainings(current_user))
    today = clock.today()
    open_ones = {training.id for training, unit in waiting.to_confirm(current_user, today)}
    phases = {row.id: rules.phase(row.starts_on, row.ends_on, today, row.state) for row in page.rows}
    return render_page("trainings/list_unit_trainings.html", page=page, waiting=open_ones, phases=phases, now=clock.now())


def _training(training_id):
    return db.first_or_404(queries.unit_trainings(current_user).where(Training.id == training_id))


@bp.get("/unit/trainings/<int:training_id>")
@requires("training.confirm")
def show_unit_training(training_id):
    """Our people on one roster, and the button to confirm them."""
    return _page(_training(training_id))


def _page(training, changed=False, status=200):
    units = rosters.own_units(current_user, training)
    seen = {own.unit.id: rules.seen_roster(row.person_id for row in own.rows) for own in units}
    return render_page(
        "trainings/show_unit_training.html", training=training, units=units, seen=seen, changed=changed, now=clock.now(), status=status,
        sittings=queries.sittings(training.id, ("published", "confirmed")), courses=[row for row in queries.courses(training.id) if row.state == "published"],
        phase=rules.phase(training.starts_on, training.ends_on, clock.today(), training.state),
    )  # fmt: skip


@bp.post("/unit/trainings/<int:training_id>/confirm/<int:unit_id>")
@requires("training.confirm")
def confirm_roster(training_id, unit_id):
    """Confirm the people of one of our units; a second press shows the same."""
    training = _training(training_id)
    own = next(
        (row for row in rosters.own_units(current_user, training) if row.unit.id == unit_id and row.may_confirm), None
    ) or abort(404)
    form = SeenForm()
    if not form.validate():
        abort(400)
    name = own.unit.name
    try:
        with unit_of_work():
            service.confirm_roster(
                db.session.get(Training, training_id), own.unit, person=current_user, seen=form.seen.data, now=clock.now()
            )
    except RosterChanged:
        return _page(_training(training_id), changed=True, status=409)
    flash(_("The roster of %(unit)s is confirmed.", unit=name), "ok")
    return after_post(url_for(".show_unit_training", training_id=training_id))
