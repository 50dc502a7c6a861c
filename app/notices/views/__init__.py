"""Pages of notices: the bureau's, the units', and the public check page."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.core import shell
from app.core.shell import add_navigation
from app.notices import queries

bp = Blueprint("notices", __name__)


@add_navigation
def entries(person):
    """The notices' places in the side navigation."""
    found = []
    if person.may("notice.read"):
        found.append(("notice", 10, _l("Notices"), "notices.list_notices", "stamp", None))
        found.append(("notice", 20, _l("Deliveries"), "notices.list_deliveries", "send", queries.failed_deliveries))
    if person.may("copy.read"):
        found.append(("notice", 5, _l("Notices to us"), "notices.list_copies", "stamp", queries.waiting_for))
    return found


shell.COUNTERS["unread"] = queries.unread

from app.notices.views import bureau, check, unit  # noqa: E402, F401 - they hang their routes on bp
