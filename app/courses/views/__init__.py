"""Pages of courses: the learner's and the author's."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.core.shell import add_navigation, add_tab

bp = Blueprint("courses", __name__)


@add_navigation
def entries(person):
    """The courses' place in the side navigation."""
    return [("learn", 20, _l("Courses"), "courses.manage_courses", "book-open", None)] if person.may("course.write") else []


add_tab(20, _l("Learn"), "courses.list_courses", "book-open")

from app.courses.views import author, learner  # noqa: E402, F401 - they hang their routes on bp
