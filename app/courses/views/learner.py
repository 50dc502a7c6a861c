"""A learner's courses: what to read, and how far one is."""

from flask import abort, url_for
from flask_login import current_user

from app.core import clock, files
from app.core.access import signed_in
from app.core.db import db, unit_of_work
from app.core.markup import render
from app.core.pages import after_post, paged, render_page
from app.courses import queries, service
from app.courses.rules import share
from app.courses.views import bp


@bp.get("/courses")
@signed_in
def list_courses():
    """What I am to learn, with my progress."""
    return render_page("courses/list_courses.html", page=paged(queries.own_courses(current_user), scalars=False))


@bp.get("/courses/<int:course_id>")
@signed_in
def show_course(course_id):
    """One course: its lessons and what is read."""
    course = db.first_or_404(queries.own_course(current_user, course_id))
    progress = queries.progress_of(current_user, course)
    done = sum(1 for row in progress.values() if row.completed_at)
    return render_page(
        "courses/show_course.html", course=course, progress=progress, done=done, share=share(done, len(course.lessons))
    )


def _lesson(course_id, number):
    course = db.first_or_404(queries.own_course(current_user, course_id))
    if not 1 <= number <= len(course.lessons):
        abort(404)
    return course, course.lessons[number - 1]


@bp.get("/courses/<int:course_id>/lessons/<int:number>")
@signed_in
def show_lesson(course_id, number):
    """One lesson to read."""
    course, lesson = _lesson(course_id, number)
    row = queries.progress_of(current_user, course).get(lesson.id)
    return render_page(
        "courses/show_lesson.html", course=course, lesson=lesson, number=number, row=row, article=render(lesson.body)
    )


@bp.post("/courses/<int:course_id>/lessons/<int:number>/open")
@signed_in
def open_lesson(course_id, number):
    """The page tells that it was opened (a GET changes nothing)."""
    _, lesson = _lesson(course_id, number)
    with unit_of_work():
        service.open_lesson(lesson, current_user, now=clock.now())
    return "", 204


@bp.post("/courses/<int:course_id>/lessons/<int:number>/complete")
@signed_in
def complete_lesson(course_id, number):
    """I have read it; on to the next."""
    course, lesson = _lesson(course_id, number)
    last = number >= len(course.lessons)
    with unit_of_work():
        service.complete_lesson(lesson, current_user, now=clock.now())
    return after_post(
        url_for(".show_course", course_id=course_id) if last else url_for(".show_lesson", course_id=course_id, number=number + 1)
    )


@bp.get("/courses/<int:course_id>/lessons/<int:number>/file")
@signed_in
def download_lesson(course_id, number):
    """The lesson's file."""
    _, lesson = _lesson(course_id, number)
    if lesson.file is None:
        abort(404)
    return files.download(lesson.file.read(), lesson.file.filename, lesson.file.media_type)
