"""A trainee's home: the nearest test large, then what to read, trainings, results."""

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock
from app.core.access import signed_in
from app.core.pages import render_page
from app.exams.queries.entrance import window
from app.exams.queries.results import shows_score
from app.reports import rules
from app.reports.queries import own as queries
from app.reports.views import bp
from app.trainings.rules import phase


@bp.get("/home")
@signed_in
def show_home():
    """What is due for me."""
    now = clock.now()
    seats = queries.seats(current_user, now)
    hero = rules.nearest(seats, now)
    others = sorted(
        (seat for seat in seats if seat is not hero and seat.state in ("in_progress", "open", "early")),
        key=lambda seat: seat.opens_at,
    )
    courses, total = queries.to_learn(current_user)
    trainings = queries.present_trainings(current_user, now)
    return render_page(
        "reports/show_home.html", hero=hero, badge=badge(hero, now) if hero else None, others=[(seat, badge(seat, now)) for seat in others], window=window, now=now,
        courses=courses, courses_total=total, results=queries.latest_results(current_user, now), shows_score=shows_score,
        trainings=[(row, phase(row.starts_on, row.ends_on, clock.today(), row.state)) for row in trainings],
    )  # fmt: skip


def badge(seat, now):
    """Return (words, tone) of how a test stands for the person."""
    if seat.state == "in_progress":
        minutes = max(0, (seat.due_at - now).total_seconds() // 60)
        return ngettext("under way, %(num)s minute left", "under way, %(num)s minutes left", int(minutes)), "warn"
    return {
        "early": lambda: (_begins(seat.opens_at - now), "info"),
        "open": lambda: (_("Open now"), "info"),
        "late": lambda: (_("Entry is closed"), "err"),
        "closed": lambda: (_("Over, you did not take part"), "warn"),
        "on_leave": lambda: (_("You are on leave"), ""),
    }[seat.state]()


def _begins(span):
    unit, number = rules.until(span)
    if unit == "minutes":
        return ngettext("begins in %(num)s minute", "begins in %(num)s minutes", number)
    return (
        ngettext("begins in %(num)s hour", "begins in %(num)s hours", number)
        if unit == "hours"
        else ngettext("begins in %(num)s day", "begins in %(num)s days", number)
    )
