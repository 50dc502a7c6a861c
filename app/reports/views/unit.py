"""A unit's home: what to sign, which roster to confirm, how its people stand in the present test."""

from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.pages import render_page
from app.exams.service.results import is_over
from app.reports import rules
from app.reports.queries import board
from app.reports.queries import unit as queries
from app.reports.rules import Standing
from app.reports.views import bp
from app.trainings.queries import waiting


@bp.get("/unit")
@requires("unit.home")
def show_unit_home():
    """The home page of a unit's liaison."""
    now = clock.now()
    sitting = queries.present_sitting(current_user, now)
    return render_page(
        "reports/show_unit_home.html", copies=queries.copies_to_sign(current_user), rosters=waiting.to_confirm(current_user, clock.today()), now=now,
        sitting=sitting, **(_test(sitting, now) if sitting else {}),
    )  # fmt: skip


def _test(sitting, now):
    """How our people stand; who failed or was absent only once the results are confirmed."""
    over = sitting.state == "confirmed" or is_over(sitting, now)
    found = board.standings(sitting, over=over, now=now, within=current_user.scope_paths("unit.home"))
    total = sum(found.values(), Standing())
    return {
        "total": total,
        "stage": rules.stage(sitting.state, sitting.opens_at, over, now),
        "concerned": queries.concerned(current_user, sitting),
    }
