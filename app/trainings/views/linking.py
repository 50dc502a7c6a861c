"""Courses and tests tied to a training, and untied."""

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.pages import after_post
from app.courses.models import Course
from app.exams.models import Sitting
from app.exams.queries.sittings import sittings_for
from app.exams.service.sittings import add_candidates
from app.trainings import service
from app.trainings.models import Training
from app.trainings.queries import trainings as queries
from app.trainings.service.planning import refuse_closed
from app.trainings.views import bp, get_training
from app.trainings.views.trainings import course_form, sitting_form, training_page


@bp.post("/trainings/<int:training_id>/courses")
@requires("training.write")
def link_course(training_id):
    """Make a course part of the training and enrol the roster."""
    training = get_training(training_id, "training.write")
    form = course_form(training)
    if not form.validate():
        return training_page(training, 422, link_course=form)
    with unit_of_work():
        count = service.link_course(
            db.session.get(Training, training_id), db.session.get(Course, form.course_id.data), now=clock.now()
        )
    flash(
        ngettext(
            "The course is added; %(num)s person was enrolled.", "The course is added; %(num)s people were enrolled.", count
        ),
        "ok",
    )
    return after_post(url_for(".show_training", training_id=training_id, _anchor="courses"))


@bp.post("/trainings/<int:training_id>/courses/<int:course_id>/remove")
@requires("training.write")
def unlink_course(training_id, course_id):
    """Take a course out of the training."""
    get_training(training_id, "training.write")
    with unit_of_work():
        service.unlink_course(db.session.get(Training, training_id), course_id)
    flash(_("The course is no longer part of this training. Those enrolled keep it."), "ok")
    return after_post(url_for(".show_training", training_id=training_id, _anchor="courses"))


@bp.post("/trainings/<int:training_id>/sittings")
@requires("training.write")
def link_sitting(training_id):
    """Make a test part of the training."""
    training = get_training(training_id, "training.write")
    form = sitting_form(training)
    if not form.validate():
        return training_page(training, 422, link_sitting=form)
    with unit_of_work():
        service.link_sitting(db.session.get(Training, training_id), db.session.get(Sitting, form.sitting_id.data))
    flash(_("The test belongs to this training now."), "ok")
    return after_post(url_for(".show_training", training_id=training_id, _anchor="tests"))


@bp.post("/trainings/<int:training_id>/sittings/<int:sitting_id>/remove")
@requires("training.write")
def unlink_sitting(training_id, sitting_id):
    """Take a test out of the training; the test itself stays."""
    get_training(training_id, "training.write")
    with unit_of_work():
        service.unlink_sitting(db.session.get(Training, training_id), sitting_id)
    flash(_("The test no longer belongs to this training. The test itself is unchanged."), "ok")
    return after_post(url_for(".show_training", training_id=training_id, _anchor="tests"))


@bp.post("/trainings/<int:training_id>/sittings/<int:sitting_id>/seat")
@requires("sitting.plan")
def seat_people(training_id, sitting_id):
    """Make those on the roster who sit none of the training's tests candidates of this one."""
    training = get_training(training_id)
    refuse_closed(training)
    linked = {row.id: row for row in queries.sittings(training_id, ("published", "confirmed"))}
    if sitting_id not in linked:
        abort(404)
    missing = queries.without_seat(training_id, list(linked))
    reason = _("On the roster of %(title)s", title=training.title)
    with unit_of_work():
        own = sittings_for(current_user, "sitting.plan").where(Sitting.id == sitting_id).with_for_update(of=Sitting)
        count = add_candidates(db.first_or_404(own), list(db.session.scalars(missing)), reason, planner=current_user)
    flash(ngettext("%(num)s person was made a candidate.", "%(num)s people were made candidates.", count), "ok")
    return after_post(url_for(".show_training", training_id=training_id, _anchor="tests"))
