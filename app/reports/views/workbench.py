"""The workbench: the present test's figures, the board of units, what needs attention, what comes next."""

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.pages import render_page
from app.exams.service.results import is_over
from app.reports import rules
from app.reports.queries import board, coming
from app.reports.rules import Standing
from app.reports.views import bp, own_matters, words
from app.trainings.queries import spine
from app.trainings.queries.trainings import roster_counts, training_of


@bp.get("/admin")
@requires("training.read")
def show_workbench():
    """The home page of administrators, trainers and auditors; each sees what their permissions allow."""
    now = clock.now()
    sitting = board.present_sitting(current_user, now)
    shown = {"sitting": None} if sitting is None else _test(sitting, now)
    matters = [words.matter(matter, current_user, now) for matter in own_matters(current_user)]
    events = [words.event(event, current_user) for event in coming.events(current_user, now)]
    return render_page("reports/show_workbench.html", matters=matters, events=events, today=clock.today(), now=now, **shown)


def _test(sitting, now):
    """What the page says of the present test."""
    over = sitting.state == "confirmed" or is_over(sitting, now)
    stage = rules.stage(sitting.state, sitting.opens_at, over, now)
    groups = board.board(sitting, over=over, now=now)
    lines = [line for _kind, group in groups for line in group]
    total = sum((line.standing for line in lines), Standing())
    only = request.args.get("show") == "attention"
    tiles = [(kind.label, [words.tile(sitting, line, stage, now) for line in group]) for kind, group in groups]
    calling = sum(tile["calls"] for _label, group in tiles for tile in group)
    if only:
        tiles = [(label, [tile for tile in group if tile["calls"]]) for label, group in tiles]
    return {
        "sitting": sitting, "stage": stage, "only": only, "calling": calling, "units": len(lines), "may_results": current_user.may("result.read"),
        "groups": [(label, group) for label, group in tiles if group], "kpis": _kpis(sitting, lines, total, stage, now), "total": total,
    }  # fmt: skip


def _kpis(sitting, lines, total, stage, now):
    """The six figures of the present test."""
    taking = [line for line in lines if line.standing.due]
    copies = [line.copy for line in lines if line.copy is not None]
    rate = board.earlier_rate(current_user, sitting)
    training = training_of(sitting.id)
    figures = [
        words.units(len(taking), len(lines)),
        words.people(total, stage),
        {
            "label": _("Pass rate"),
            "value": f"{total.rate}%" if total.rate is not None else "—",
            "note": _("last time %(rate)s%%", rate=rate) if rate else _("%(n)s passed", n=total.passed),
        },
        words.signing(copies, now),
    ]
    if training is None:
        return figures + words.without_training(total)
    roster = roster_counts([training])[training.id]
    courses, finished = spine.learning(training.id)
    return figures + words.of_training(training, roster, courses, finished)
