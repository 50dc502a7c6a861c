"""The home pages: the bureau's workbench, a unit's, a trainee's; and how the machine is."""

from flask import Blueprint, g
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.shell import add_navigation, add_tab
from app.reports.queries import todo

bp = Blueprint("reports", __name__)


@add_navigation
def entries(person):
    """The home pages of every role a person has; the first one is where signing in leads."""
    found, duties = [], person.may("training.read") or person.may("unit.home")
    if person.may("training.read"):
        found.append(("home", 0, _l("Workbench"), "reports.show_workbench", "house", count_matters))
    if person.may("unit.home"):
        found.append(("home", 5, _l("Unit home"), "reports.show_unit_home", "building-2", None))
    if person.is_staff:
        found.append(("home" if duties else "manage", 90, _l("My tasks"), "reports.show_home", "user", None))
    if person.may("job.read"):
        found.append(("manage", 90, _l("State of the system"), "reports.show_system", "monitor", None))
    return found


add_tab(10, _l("Tasks"), "reports.show_home", "house")


def own_matters(person):
    """Return what needs the person's attention, looked up once in a request."""
    if "matters" not in g:
        g.matters = todo.matters(person, clock.now())
    return g.matters


def count_matters(person):
    """How many things need attention, for the number beside the menu's entry."""
    return len(own_matters(person))


from app.reports.views import home, system, unit, workbench  # noqa: E402, F401 - they hang their routes on bp
