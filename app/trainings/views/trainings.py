"""The organiser's list of trainings, the page of one with its spine, and its head."""

import secrets

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from app.core import clock, idempotency
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Stale
from app.core.fields import options
from app.core.pages import after_post, paged, render_page
from app.people.models import Unit
from app.trainings import rules, service
from app.trainings.errors import AgendaLeftOut
from app.trainings.forms import LinkCourseForm, LinkSittingForm, TrainingForm
from app.trainings.models import Training
from app.trainings.queries import roster as rosters
from app.trainings.queries import spine
from app.trainings.queries import trainings as queries
from app.trainings.views import bp, get_training, steps

HEAD = ("title", "starts_on", "ends_on", "place", "summary", "confirm_by_at")


@bp.get("/trainings")
@requires("training.read")
def list_trainings():
    """The trainings of the person's units, the latest first."""
    page = paged(queries.trainings(current_user))
    phases = {row.id: rules.phase(row.starts_on, row.ends_on, clock.today(), row.state) for row in page.rows}
    return render_page(
        "trainings/list_trainings.html",
        page=page,
        phases=phases,
        rosters=queries.roster_counts(page.rows),
        sittings=queries.sitting_counts(page.rows),
    )


@bp.get("/trainings/<int:training_id>")
@requires("training.read")
def show_training(training_id):
    """One training: its spine, agenda, roster, courses, tests and notices."""
    return training_page(get_training(training_id))


def training_page(training, status=200, link_course=None, link_sitting=None):
    """Render the page of a training; the forms are given when they were refused."""
    now = clock.now()
    counts = spine.counts(training, now)
    linked = queries.sittings(training.id)
    may_write = training.state != "closed" and current_user.may_in("training.write", training.unit)
    units = rosters.by_unit(training)
    return render_page(
        "trainings/show_training.html", status=status, training=training, counts=counts, now=now, may_write=may_write,
        phase=rules.phase(training.starts_on, training.ends_on, clock.today(), training.state),
        steps=steps.spine(training, counts, linked, current_user), clashes=rules.overlapping(training.agenda),
        waiting_units=[line.unit for line in units if line.confirmation is None], courses=_courses(training), sittings=linked,
        tests=spine.per_sitting([sitting.id for sitting in linked], now), batches=spine.batches([sitting.id for sitting in linked]),
        without_seat=_without_seat(training, linked),
        link_course=link_course or course_form(training), link_sitting=link_sitting or sitting_form(training),
        may_schedule=current_user.may("sitting.plan"),
    )  # fmt: skip


def _without_seat(training, linked):
    """How many people on the roster sit none of the training's tests; 0 as long as none is published."""
    listed = [sitting.id for sitting in linked if sitting.state in ("published", "confirmed")]
    found = queries.without_seat(training.id, listed).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) if listed else 0


def _courses(training):
    """[(Course, people enrolled, people who finished it)] of the training."""
    from app.courses.queries import finished_counts

    found = queries.courses(training.id)
    progress = finished_counts([course.id for course in found]) if found else {}
    return [(course, *progress.get(course.id, (0, 0))) for course in found]


def course_form(training):
    """The form to link a course, with those that can be."""
    form = LinkCourseForm()
    form.course_id.choices = options(
        [(course.id, course.title) for course in db.session.scalars(queries.linkable_courses(current_user, training).limit(200))]
    )
    return form


def sitting_form(training):
    """The form to link a test, with those that can be."""
    form = LinkSittingForm()
    rows = db.session.scalars(queries.linkable_sittings(current_user, training).limit(200))
    form.sitting_id.choices = options([(row.id, f"{row.title}（{clock.show_time(row.opens_at)}）") for row in rows])
    return form


def _head_form(**kwargs):
    form = TrainingForm(**kwargs)
    units = db.session.scalars(
        select(Unit).where(Unit.path.in_(current_user.scope_paths("training.write"))).order_by(Unit.path)
    ).all()
    form.unit_id.choices = options([(unit.id, unit.name) for unit in units])
    if len(units) == 1:
        del form.unit_id
    return form, {unit.id: unit for unit in units}


@bp.route("/trainings/new", methods=["GET", "POST"])
@requires("training.write")
def new_training():
    """Plan a training."""
    form, units = _head_form()
    if request.method == "GET":
        form.deed.data = secrets.token_urlsafe(16)
    if not form.validate_on_submit():
        return render_page("trainings/edit_training.html", form=form, training=None, status=422 if form.errors else 200)
    body = idempotency.digest((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    values, now = _head(form), clock.now()
    with unit_of_work():
        outcome = idempotency.finished(current_user.id, request.endpoint, form.deed.data, body)
        if outcome is None:
            unit_id = form.unit_id.data if "unit_id" in form else next(iter(units))
            training = service.create_training(db.session.get(Unit, unit_id), **values, person=current_user, now=now)
            outcome = url_for(".show_training", training_id=training.id)
            idempotency.finish(current_user.id, request.endpoint, form.deed.data, body, outcome)
    return redirect(outcome, 303)


@bp.route("/trainings/<int:training_id>/edit", methods=["GET", "POST"])
@requires("training.write")
def edit_training(training_id):
    """Change the head of a training."""
    training = get_training(training_id, "training.write")
    form = TrainingForm(obj=training)
    del form.unit_id
    if not form.validate_on_submit():
        return render_page("trainings/edit_training.html", form=form, training=training, status=422 if form.errors else 200)
    try:
        with unit_of_work():
            service.change_training(db.session.get(Training, training_id), _head(form), version=_version(form))
    except Stale:
        return _compare(form, training_id)
    except AgendaLeftOut as refusal:
        form.ends_on.errors = [f"{refusal.text} {'；'.join(refusal.details)}"]
        return render_page("trainings/edit_training.html", form=form, training=get_training(training_id), status=refusal.status)
    flash(_("Saved."), "ok")
    return after_post(url_for(".show_training", training_id=training_id))


def _head(form):
    texts = {name: form[name].data or "" for name in ("title", "place", "summary")}
    return texts | {name: form[name].data for name in ("starts_on", "ends_on", "confirm_by_at")}


def _version(form):
    return int(form.version.data) if (form.version.data or "").isdecimal() else 0


def _compare(form, training_id):
    """Somebody saved in between: show both, and let the next press save knowingly (R25)."""
    training = get_training(training_id, "training.write")
    form.version.data = str(training.version)
    pairs = [(form[name].label.text, getattr(training, name), form[name].data) for name in HEAD]
    stale = [(label, _shown(stored), _shown(typed)) for label, stored, typed in pairs if (stored or "") != (typed or "")]
    return render_page("trainings/edit_training.html", form=form, training=training, stale=stale, status=409)


def _shown(value):
    if value in (None, ""):
        return "—"
    if isinstance(value, clock.datetime):
        return clock.show_time(value)
    return clock.show_date(value) if isinstance(value, clock.date) else value


@bp.post("/trainings/<int:training_id>/close")
@requires("training.write")
def close_training(training_id):
    """Put a finished training away."""
    get_training(training_id, "training.write")
    with unit_of_work():
        service.close_training(db.session.get(Training, training_id) or abort(404))
    flash(_("The training is closed. Nothing in it changes any more."), "ok")
    return after_post(url_for(".show_training", training_id=training_id))


@bp.post("/trainings/<int:training_id>/reopen")
@requires("training.write")
def reopen_training(training_id):
    """Take a closed training up again."""
    get_training(training_id, "training.write")
    with unit_of_work():
        service.reopen_training(db.session.get(Training, training_id) or abort(404))
    flash(_("The training is open again."), "ok")
    return after_post(url_for(".show_training", training_id=training_id))
