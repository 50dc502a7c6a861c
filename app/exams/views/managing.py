"""A published sitting: where it stands, what may still be changed, and its candidates."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock
from app.core.access import requires
from app.core.db import db, in_unit_of_work, unit_of_work
from app.core.errors import Refusal
from app.core.fields import clean
from app.core.pages import after_post, paged, render_page
from app.exams.forms import CloseForm, PeopleForm, ReasonForm
from app.exams.models import Candidate
from app.exams.queries import planning
from app.exams.queries import sittings as queries
from app.exams.rules import sittings as rules
from app.exams.service import sittings as service
from app.exams.views import bp
from app.exams.views.sittings import get_sitting, line_words

PEOPLE_A_PAGE = 50


def _manage_page(sitting, status=200, refusal=None, **forms):
    now = clock.now()
    figures = queries.figures([sitting.id], now)[sitting.id]
    close_form = forms.get("close_form") or CloseForm(formdata=None, closes_at=sitting.closes_at)
    return render_page(
        "exams/manage_sitting.html", status=status, sitting=sitting, now=now, figures=figures, refusal=refusal, close_form=close_form,
        cancel_form=forms.get("cancel_form") or ReasonForm(formdata=None, prefix="cancel-"), drawn=queries.drawn(sitting.id),
        phase=rules.phase(sitting.state, sitting.opens_at, sitting.closes_at, now),
        may_plan=current_user.may_in("sitting.plan", sitting.unit), may_watch=current_user.may_in("sitting.watch", sitting.unit),
    )  # fmt: skip


@bp.get("/sittings/<int:sitting_id>/manage")
@requires("sitting.read")
def manage_sitting(sitting_id):
    """Where a sitting stands, and what can be done next."""
    return _manage_page(get_sitting(sitting_id, "sitting.read"))


@bp.post("/sittings/<int:sitting_id>/close-later")
@requires("sitting.plan")
def extend_close(sitting_id):
    """Move the end of a published sitting to a later time."""
    form, now = CloseForm(), clock.now()
    if not form.validate():
        return _manage_page(get_sitting(sitting_id, "sitting.plan"), 422, close_form=form)
    try:
        with unit_of_work():
            sitting = get_sitting(sitting_id, "sitting.plan")
            service.extend_close(sitting, form.closes_at.data, form.reason.data, person=current_user, now=now)
    except Refusal as refusal:
        return _manage_page(get_sitting(sitting_id, "sitting.plan"), refusal.status, refusal, close_form=form)
    flash(_("The test now ends at %(time)s.", time=clock.show_time(form.closes_at.data)), "ok")
    return after_post(url_for(".manage_sitting", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/cancel")
@requires("sitting.plan")
def cancel_sitting(sitting_id):
    """Call a sitting off, or throw its draft away."""
    form = ReasonForm(prefix="cancel-")
    if not form.validate():
        return _manage_page(get_sitting(sitting_id, "sitting.plan"), 422, cancel_form=form)
    try:
        with unit_of_work():
            sitting = get_sitting(sitting_id, "sitting.plan")
            was_draft = sitting.state == "draft"
            service.cancel(sitting, form.reason.data)
    except Refusal as refusal:
        return _manage_page(get_sitting(sitting_id, "sitting.plan"), refusal.status, refusal, cancel_form=form)
    flash(_("The draft was thrown away.") if was_draft else _("The test was cancelled."), "ok")
    return after_post(url_for(".list_sittings"))


def _filters():
    words = clean(request.args.get("q", ""))[:100]
    return {"state": request.args.get("state") if request.args.get("state") in queries.STANDS else None, "words": words}


def _candidates_page(sitting, form=None, status=200, refusal=None):
    now, filters = clock.now(), _filters()
    page = paged(queries.candidates(sitting.id, now=now, **filters), size=PEOPLE_A_PAGE, scalars=False)
    page.rows = queries.rows(page.rows)
    may_plan = current_user.may_in("sitting.plan", sitting.unit)
    return render_page(
        "exams/list_candidates.html", status=status, sitting=sitting, page=page, now=now, refusal=refusal, form=form or PeopleForm(formdata=None),
        figures=queries.figures([sitting.id], now)[sitting.id], state=filters["state"], q=filters["words"],
        can_change=may_plan and sitting.state == "published", total=sitting.paper.question_count,
    )  # fmt: skip


@bp.get("/sittings/<int:sitting_id>/candidates")
@requires("sitting.read")
def list_candidates(sitting_id):
    """Who sits it, and where each stands now."""
    return _candidates_page(get_sitting(sitting_id, "sitting.read"))


@bp.post("/sittings/<int:sitting_id>/candidates")
@requires("sitting.plan")
def add_candidates(sitting_id):
    """Add people by name; all lines have to be readable, or nobody is added and the lines are named."""
    form = PeopleForm()
    good, text = form.validate(), form.people.data or ""
    people, bad = rules.read_list(text, planning.people_meant(text, current_user.scope_paths("sitting.plan")))
    if bad:
        form.people.errors = [*form.people.errors, *map(line_words, bad[:20])]
    if not good or bad:
        return _candidates_page(get_sitting(sitting_id, "sitting.plan"), form, 422)
    try:
        with unit_of_work():
            count = service.add_candidates(
                get_sitting(sitting_id, "sitting.plan"), people, form.reason.data, planner=current_user
            )
    except Refusal as refusal:
        return _candidates_page(get_sitting(sitting_id, "sitting.plan"), form, refusal.status, refusal)
    flash(ngettext("%(num)s person was added.", "%(num)s people were added.", count), "ok")
    return after_post(url_for(".list_candidates", sitting_id=sitting_id))


def _candidate(sitting, candidate_id):
    """Return one candidate, locked inside a unit of work; 404 for another sitting's."""
    query = queries.candidate_of(sitting.id, candidate_id).execution_options(populate_existing=True)
    return db.first_or_404(query.with_for_update(of=Candidate) if in_unit_of_work() else query)


@bp.route("/sittings/<int:sitting_id>/candidates/<int:candidate_id>", methods=["GET", "POST"])
@requires("sitting.plan")
def change_candidate(sitting_id, candidate_id):
    """Mark leave, take it back, or take somebody off the list: each with its reason."""
    sitting, form = get_sitting(sitting_id, "sitting.plan"), ReasonForm()
    candidate = _candidate(sitting, candidate_id)
    act = request.form.get("act")
    if not form.validate_on_submit() or act not in ("leave", "back", "remove"):
        status = 422 if form.is_submitted() else 200
        return render_page("exams/change_candidate.html", status=status, sitting=sitting, candidate=candidate, form=form)
    with unit_of_work():
        candidate = _candidate(get_sitting(sitting_id, "sitting.plan"), candidate_id)
        name = candidate.person.name
        if act == "remove":
            service.remove_candidate(candidate, form.reason.data)
        else:
            service.set_leave(candidate, act == "leave", form.reason.data)
    flash({"leave": _("%(name)s is on leave.", name=name), "back": _("%(name)s is due again.", name=name),
           "remove": _("%(name)s was taken off the list.", name=name)}[act], "ok")  # fmt: skip
    return after_post(url_for(".list_candidates", sitting_id=sitting_id))
