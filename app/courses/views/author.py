"""An author's courses: write, publish, enrol, see progress."""

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.fields import options
from app.core.pages import after_post, paged, render_page
from app.core.uploads import FileRefused
from app.courses import forms, queries, service
from app.courses.models import Course, Lesson
from app.courses.views import bp
from app.people.models import Unit
from app.people.scope import under


@bp.get("/admin/courses")
@requires("course.write")
def manage_courses():
    """All courses within my scope."""
    return render_page("courses/manage_courses.html", page=paged(queries.managed(current_user), scalars=False))


def _course(course_id):
    return db.first_or_404(queries.managed_course(current_user, course_id))


@bp.route("/admin/courses/new", methods=["GET", "POST"])
@requires("course.write")
def new_course():
    """Start a course."""
    form = forms.CourseForm()
    if not form.validate_on_submit():
        return render_page("courses/edit_course.html", form=form, course=None, status=422 if form.errors else 200)
    path = current_user.scope_paths("course.write")[0]
    unit = db.session.scalars(select(Unit).where(Unit.path == path)).one()
    with unit_of_work():
        course = service.create_course(
            unit, title=form.title.data, summary=form.summary.data, person=current_user, now=clock.now()
        )
        course_id = course.id
    return after_post(url_for(".manage_course", course_id=course_id))


@bp.get("/admin/courses/<int:course_id>")
@requires("course.write")
def manage_course(course_id):
    """One course: lessons, learners, what comes next."""
    course = _course(course_id)
    return render_page(
        "courses/manage_course.html", course=course, page=paged(queries.learners(course), scalars=False), enrol=_enrol_form()
    )


def _enrol_form():
    form = forms.EnrolForm()
    query = select(Unit).where(Unit.is_active, under(Unit.path, current_user.scope_paths("course.write"))).order_by(Unit.path)
    form.unit_ids.choices = options([(unit.id, unit.name) for unit in db.session.scalars(query)])
    return form


@bp.route("/admin/courses/<int:course_id>/edit", methods=["GET", "POST"])
@requires("course.write")
def edit_course(course_id):
    """Change a course's title and summary."""
    course = _course(course_id)
    form = forms.CourseForm(obj=course)
    if not form.validate_on_submit():
        return render_page("courses/edit_course.html", form=form, course=course, status=422 if form.errors else 200)
    with unit_of_work():
        service.change_course(db.session.get(Course, course_id), title=form.title.data, summary=form.summary.data)
    return after_post(url_for(".manage_course", course_id=course_id))


@bp.route("/admin/courses/<int:course_id>/lessons/new", methods=["GET", "POST"])
@requires("course.write")
def new_lesson(course_id):
    """Add a lesson."""
    course = _course(course_id)
    form = forms.LessonForm()
    if not _complete(form):
        return render_page("courses/edit_lesson.html", form=form, course=course, lesson=None, status=422 if form.errors else 200)
    return _stored(form, course, lambda values: service.add_lesson(db.session.get(Course, course_id), **values), None)


@bp.route("/admin/courses/<int:course_id>/lessons/<int:lesson_id>/edit", methods=["GET", "POST"])
@requires("course.write")
def edit_lesson(course_id, lesson_id):
    """Change a lesson."""
    course = _course(course_id)
    lesson = next((row for row in course.lessons if row.id == lesson_id), None) or abort(404)
    form = forms.LessonForm(data={"title": lesson.title, "body": lesson.body, "minutes": lesson.minutes})
    if not _complete(form, has_file=lesson.file_id is not None):
        return render_page(
            "courses/edit_lesson.html", form=form, course=course, lesson=lesson, status=422 if form.errors else 200
        )
    return _stored(form, course, lambda values: service.change_lesson(db.session.get(Lesson, lesson_id), **values), lesson)


def _complete(form, has_file=False):
    """Validate; a lesson needs an article or a file."""
    if not form.validate_on_submit():
        return False
    if form.body.data or has_file or (form.file.data and form.file.data.filename):
        return True
    form.body.errors = [_("Write an article or choose a file.")]
    return False


def _stored(form, course, store, lesson):
    upload = (form.file.data.filename, form.file.data.read()) if form.file.data and form.file.data.filename else None
    values = {
        "title": form.title.data,
        "body": form.body.data or "",
        "minutes": form.minutes.data,
        "upload": upload,
        "person": current_user,
        "now": clock.now(),
    }
    course_id = course.id
    try:
        with unit_of_work():
            store(values)
    except FileRefused as refusal:
        form.file.errors = [refusal.text]
        return render_page("courses/edit_lesson.html", form=form, course=_course(course_id), lesson=lesson, status=422)
    flash(_("Saved."), "ok")
    return after_post(url_for(".manage_course", course_id=course_id))


@bp.post("/admin/courses/<int:course_id>/publish")
@requires("course.write")
def publish_course(course_id):
    """Make the course visible to its learners."""
    _course(course_id)
    with unit_of_work():
        service.publish(db.session.get(Course, course_id), now=clock.now())
    flash(_("The course is published."), "ok")
    return after_post(url_for(".manage_course", course_id=course_id))


@bp.post("/admin/courses/<int:course_id>/enrol")
@requires("course.write")
def enrol_people(course_id):
    """Enrol everybody of the chosen units."""
    course = _course(course_id)
    form = _enrol_form()
    if not form.validate():
        return render_page(
            "courses/manage_course.html",
            course=course,
            page=paged(queries.learners(course), scalars=False),
            enrol=form,
            status=422,
        )
    with unit_of_work():
        units = db.session.scalars(select(Unit).where(Unit.id.in_(form.unit_ids.data))).all()
        count = service.enrol(db.session.get(Course, course_id), service.people_of(units), now=clock.now())
    flash(ngettext("%(num)s person enrolled.", "%(num)s people enrolled.", count), "ok")
    return after_post(url_for(".manage_course", course_id=course_id))
