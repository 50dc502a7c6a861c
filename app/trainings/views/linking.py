"""Courses and tests tied to a training, and untied."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.pages import after_post
from app.courses.models import Course
from app.exams.models import Sitting
from app.trainings import service
from app.trainings.models import Training
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
