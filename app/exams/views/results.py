"""Results: figures, lists, export, confirming, drafting the notices; a unit's own; a trainee's own."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, files
from app.core.access import requires, signed_in
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.errors import Refusal
from app.core.pages import Page, after_post, page_number, paged, render_page
from app.core.shell import add_navigation, add_tab
from app.exams import export
from app.exams.models import Sitting
from app.exams.queries import results as queries
from app.exams.reporting_forms import ConfirmForm, NoticesForm
from app.exams.rules import results as rules
from app.exams.service import reporting, results
from app.exams.views import bp
from app.notices.models import Notice
from app.people.reauth import confirmed

PEOPLE_A_PAGE = 25
OUTCOMES = (rules.FAILED, rules.ABSENT, rules.ON_LEAVE, rules.PASSED)


@add_navigation
def entries(person):
    """The results' places in the side navigation."""
    found = []
    if person.may("result.read"):
        found.append(("exam", 30, _l("Results"), "exams.list_results", "chart-column", None))
    if person.may("result.read_unit"):
        found.append(("exam", 40, _l("Results of our people"), "exams.list_unit_results", "chart-column", None))
    return found


add_tab(40, _l("Results"), "exams.list_own_results", "chart-column")


@bp.get("/exams/results")
@requires("result.read")
def list_results():
    """The sittings with results to look at, newest first."""
    return render_page("exams/list_results.html", page=paged(queries.sittings(current_user)), now=clock.now())


def _sitting(sitting_id, permission="result.read"):
    return db.first_or_404(queries.sittings(current_user, permission).where(Sitting.id == sitting_id))


@bp.get("/sittings/<int:sitting_id>/results")
@requires("result.read")
def show_results(sitting_id):
    """Figures, histogram, units and people of one sitting."""
    return _results_page(_sitting(sitting_id), ConfirmForm())


def _results_page(sitting, form, status=200):
    now = clock.now()
    over = results.is_over(sitting, now)
    found = queries.rows(sitting, is_over=over)
    units = export.by_unit(found)
    marks = queries.topic_marks(found) if over else []
    return render_page(
        "exams/show_results.html", status=status, sitting=sitting, over=over, figures=rules.summary((row.outcome, row.score) for row in found), form=form,
        bins=_bins(sitting, found), units=units, weakest=_weakest(units), topics=_topics(marks), page=_people(found), outcome=_outcome(),
        outcome_label=export.outcome_label, obstacles=results.obstacles(sitting, now, current_user), unit_filter=request.args.get("unit", type=int),
        groups={row.group_id: row.group for row in found}, notices=_notices(sitting), counts=_counts(found),
    )  # fmt: skip


def _bins(sitting, found):
    scores = [row.score for row in found if row.score is not None]
    return rules.histogram(scores, sitting.paper.total_points, sitting.pass_mark) if scores else []


def _weakest(units):
    rated = [(name, figures) for name, figures in units if figures.rate is not None]
    return sorted(rated, key=lambda unit: (unit[1].rate, unit[0]))[:10]


def _topics(marks):
    return rules.topic_shares((topic, got, most) for _person, topic, got, most in marks)[:10]


def _outcome():
    return request.args.get("outcome") if request.args.get("outcome") in OUTCOMES else None


def _counts(found):
    return {name: sum(1 for row in found if row.outcome == name) for name in OUTCOMES}


def _people(found):
    unit, outcome = request.args.get("unit", type=int), _outcome()
    kept = [row for row in found if (unit is None or row.group_id == unit) and (outcome is None or row.outcome == outcome)]
    number = min(page_number(), max(1, -(-len(kept) // PEOPLE_A_PAGE)))
    return Page(kept[(number - 1) * PEOPLE_A_PAGE : number * PEOPLE_A_PAGE], number, PEOPLE_A_PAGE, len(kept))


def _notices(sitting):
    return db.session.scalar(db.select(db.func.count()).select_from(Notice).where(Notice.source == reporting.source_of(sitting)))


@bp.post("/sittings/<int:sitting_id>/results/confirm")
@requires("result.confirm")
def confirm_results(sitting_id):
    """Confirm the results in one's own name."""
    sitting = _sitting(sitting_id, "result.confirm")
    form = ConfirmForm()
    if not form.validate():
        return _results_page(sitting, form, 422)
    with unit_of_work():
        results.confirm(sitting_id, person=current_user, now=clock.now())
    flash(_("The results are confirmed. The notices can be drafted now."), "ok")
    return after_post(url_for(".show_results", sitting_id=sitting_id))


@bp.get("/sittings/<int:sitting_id>/notices/new")
@requires("notice.draft")
def new_notices(sitting_id):
    """Ask what the notices say beside the figures."""
    sitting = _sitting(sitting_id, "notice.draft")
    wording = reporting.default_wording(sitting, clock.now(), request.args.get("training", "")[:100])
    return _notices_page(sitting, NoticesForm(data=vars(wording)))


def _notices_page(sitting, form, status=200, refusal=None):
    found = queries.rows(sitting, is_over=True)
    concerned = {row.group_id for row in found if row.outcome in (rules.FAILED, rules.ABSENT)}
    return render_page(
        "exams/new_notices.html", status=status, sitting=sitting, form=form, concerned=len(concerned), refusal=refusal
    )


@bp.post("/sittings/<int:sitting_id>/notices")
@requires("notice.draft")
def draft_notices(sitting_id):
    """Draft one notice per unit concerned and the overall one."""
    sitting = _sitting(sitting_id, "notice.draft")
    form = NoticesForm()
    if not form.validate():
        return _notices_page(sitting, form, 422)
    wording = reporting.Wording(**{name: form[name].data for name in reporting.Wording.__dataclass_fields__})
    try:
        with unit_of_work():
            drafted = reporting.draft_notices(db.session.get(Sitting, sitting_id), wording, person=current_user, now=clock.now())
            count = len(drafted)
    except Refusal as refusal:
        return _notices_page(_sitting(sitting_id, "notice.draft"), form, refusal.status, refusal)
    flash(
        ngettext(
            "%(num)s draft made. A second person approves it.", "%(num)s drafts made. A second person approves them.", count
        ),
        "ok",
    )
    return after_post(url_for("notices.show_batch", source=reporting.source_of(sitting)))


@bp.get("/sittings/<int:sitting_id>/results.xlsx")
@requires("result.export")
@confirmed
def export_results(sitting_id):
    """Every answer of every person, as .xlsx."""
    sitting = _sitting(sitting_id, "result.export")
    now = clock.now()
    over = results.is_over(sitting, now)
    if not over:
        raise results.errors.StillOpen
    data = export.results_book(sitting, is_over=over, exporter=current_user, now=now)
    name = f"{sitting.title}成绩.xlsx"
    with unit_of_work():
        record("result.export", object_type="sittings", object_id=sitting_id, bytes=len(data))
    return files.download(data, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@bp.get("/unit/results")
@requires("result.read_unit")
def list_unit_results():
    """A unit's own people in confirmed sittings."""
    page = paged(
        db.select(Sitting)
        .where(
            Sitting.state == "confirmed",
            Sitting.id.in_(queries.sittings_with_people_of(current_user.scope_paths("result.read_unit"))),
        )
        .order_by(Sitting.opens_at.desc()),
        size=5,
    )
    paths = current_user.scope_paths("result.read_unit")
    found = [(sitting, queries.rows(sitting, is_over=True, within=paths)) for sitting in page.rows]
    return render_page(
        "exams/list_unit_results.html", page=page, found=found, outcome_label=export.outcome_label, summary=rules.summary
    )


@bp.get("/results")
@signed_in
def list_own_results():
    """Everything the person sat, with what the release policy lets them see."""
    page = paged(queries.own_results(current_user), scalars=False)
    return render_page("exams/list_own_results.html", page=page, now=clock.now(), shows_score=queries.shows_score)
