"""Planning sittings: the list, the one page of a plan with its live check, publishing."""

import secrets

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, idempotency
from app.core.access import requires
from app.core.db import db, in_unit_of_work, unit_of_work
from app.core.errors import Stale
from app.core.fields import clean
from app.core.pages import paged, render_page
from app.core.shell import add_navigation
from app.exams import errors
from app.exams.forms import SittingForm
from app.exams.models import Sitting
from app.exams.queries import planning
from app.exams.queries import sittings as queries
from app.exams.rules import sittings as rules
from app.exams.service import sittings as service
from app.exams.views import bp
from app.papers.queries import home_units, last_change


@add_navigation
def sitting_entries(person):
    """The sittings' place in the side navigation."""
    return [("exam", 10, _l("Test schedule"), "exams.list_sittings", "calendar", None)] if person.may("sitting.read") else []


@bp.get("/sittings")
@requires("sitting.read")
def list_sittings():
    """All sittings of the person's units, the latest start first."""
    now = clock.now()
    words = clean(request.args.get("q", ""))[:100]
    phase = request.args.get("phase") if request.args.get("phase") in rules.PHASES else None
    page = paged(queries.listed(current_user, phase=phase, words=words, now=now))
    return render_page(
        "exams/list_sittings.html", page=page, phase=phase, q=words, now=now, phase_of=rules.phase,
        figures=queries.figures([sitting.id for sitting in page.rows if sitting.state != "draft"], now),
        counts=queries.counts_by_phase(current_user, rules.PHASES, now),
    )  # fmt: skip


def get_sitting(sitting_id, permission):
    """Return a sitting within the person's scope, locked inside a unit of work; 404 otherwise. Who sits it stays outside (R54)."""
    query = queries.sittings_for(current_user, permission).where(Sitting.id == sitting_id)
    query = query.execution_options(populate_existing=True)
    sitting = db.first_or_404(query.with_for_update(of=Sitting) if in_unit_of_work() else query)
    if sitting.state == "published" and sitting.closes_at > clock.now() and queries.sits(current_user.id, sitting.id):
        raise errors.Examinee
    return sitting


def _form(sitting=None, **kwargs):
    now = clock.now()
    papers = planning.frozen_papers(current_user, now)
    if sitting is not None and sitting.paper_id not in {paper.id for paper in papers}:
        papers.append(sitting.paper)
    units, holders = planning.units_to_invite(current_user), home_units(current_user, "sitting.plan")
    return SittingForm(units, papers, planning.positions(current_user), holders, **kwargs)


def _read(form):
    """Return the fields of a plan, or None when something in it is wrong; the field says what."""
    good = form.validate()
    text = form.people.data or ""
    people, bad = (
        rules.read_list(text, planning.people_meant(text, current_user.scope_paths("sitting.plan"))) if text else ([], [])
    )
    if len(text.splitlines()) > rules.MOST_LINES:
        form.people.errors = [*form.people.errors, _("At most %(most)s lines.", most=rules.MOST_LINES)]
    elif bad:
        form.people.errors = [*form.people.errors, *map(line_words, bad[:20])]
    return form.values(people) if good and not form.people.errors else None


def line_words(bad):
    """Return what is wrong with one pasted line, with its number."""
    words = {
        "number": bad.number,
        "text": bad.text,
        "people": "、".join(f"{one.name}（{one.unit}，{one.account}）" for one in bad.people[:4]),
    }
    sentences = {
        "unknown": _l("Line %(number)s, “%(text)s”: nobody of this name or account is in your units."),
        "ambiguous": _l("Line %(number)s, “%(text)s”: this can be %(people)s. Write the account."),
        "inactive": _l("Line %(number)s, “%(text)s”: this account is switched off."),
        "mismatch": _l("Line %(number)s, “%(text)s”: the account belongs to %(people)s. Correct the name or the account."),
    }
    return str(sentences[bad.code]) % words


def _checked(form, values, sitting=None):
    """Return what the right column says: findings and the number of people, or None while the form has errors."""
    if values is None:
        return {"findings": None, "count": 0, "ready": False}
    found, count = service.findings(values, planner=current_user, now=clock.now(), sitting=sitting)
    return {"findings": found, "count": count, "ready": not service.problems_of(found), "values": values}


def _render(form, sitting=None, status=200, values=None, **more):
    context = (
        {"form": form, "sitting": sitting, "paper": form.paper, "theirs": None, "refusal": None}
        | _checked(form, values, sitting)
        | more
    )
    return render_page("exams/edit_sitting.html", status=status, **context)


@bp.get("/sittings/new")
@requires("sitting.plan")
def new_sitting():
    """A new plan; `paper_id` chooses the paper, `copy` a sitting whose rules and people it takes over."""
    form, now = _form(), clock.now()
    query = queries.sittings_for(current_user, "sitting.plan").where(Sitting.id == request.args.get("copy", type=int))
    model = db.session.scalars(query).one_or_none() or planning.last_planned(current_user)
    if model is not None:
        form.fill(model, planning.people_lines((model.audience or {}).get("people", [])))
        form.title.data = form.closes_at.data = form.pass_mark.data = None
    elif form.unit_ids.choices:
        form.unit_ids.data = [form.unit_ids.choices[0].value]
    if request.args.get("training"):
        form.title.data = clean(request.args["training"])[:190] + "测试"
    form.opens_at.data = planning.starts_tomorrow(now)
    chosen = request.args.get("paper_id", type=int)
    if chosen in form.papers or form.paper_id.data not in form.papers:
        form.paper_id.data = chosen if chosen in form.papers else next(iter(form.papers), None)
    form.deed.data = secrets.token_urlsafe(16)
    people = (model.audience or {}).get("people", []) if model is not None else []
    return _render(form, values=form.values(people) if form.paper else None)


@bp.post("/sittings/new")
@requires("sitting.plan")
def create_sitting():
    """Save the plan as a draft, or publish it at once."""
    form, now = _form(), clock.now()
    values = _read(form)
    if values is None:
        return _render(form, status=422)
    body = idempotency.digest((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    try:
        with unit_of_work():
            outcome = idempotency.finished(current_user.id, request.endpoint, form.deed.data, body)
            if outcome is None:
                sitting = service.plan_sitting(values, person=current_user, now=now)
                outcome = _saved(sitting, now)
                idempotency.finish(current_user.id, request.endpoint, form.deed.data, body, outcome)
    except (errors.NotPublishable, errors.NotYours) as refusal:
        return _render(form, status=422, values=values, refusal=refusal)
    return redirect(outcome, 303)


def _saved(sitting, now):
    """Publish when the person pressed that button; return the address to go on to. Inside the unit of work."""
    if request.form.get("act") != "publish":
        flash(_("Saved as a draft."), "ok")
        return url_for(".edit_sitting", sitting_id=sitting.id)
    count = service.publish(sitting, person=current_user, now=now)
    flash(ngettext("Published for %(num)s person.", "Published for %(num)s people.", count), "ok")
    return url_for(".manage_sitting", sitting_id=sitting.id)


@bp.get("/sittings/<int:sitting_id>/edit")
@requires("sitting.plan")
def edit_sitting(sitting_id):
    """A draft; a published sitting is managed, not edited."""
    sitting = get_sitting(sitting_id, "sitting.plan")
    if sitting.state != "draft":
        return redirect(url_for(".manage_sitting", sitting_id=sitting_id), 303)
    form = _form(sitting)
    form.fill(sitting, planning.people_lines((sitting.audience or {}).get("people", [])))
    form.seen.data = service.stamp(sitting)
    return _render(form, sitting, values=service.values_of(sitting))


@bp.post("/sittings/<int:sitting_id>/edit")
@requires("sitting.plan")
def save_sitting(sitting_id):
    """Save a draft, or publish it. A second press of publish finds it published and shows it."""
    sitting, now = get_sitting(sitting_id, "sitting.plan"), clock.now()
    if sitting.state != "draft":
        return redirect(url_for(".manage_sitting", sitting_id=sitting_id), 303)
    form = _form(sitting)
    values = _read(form)
    if values is None:
        return _render(form, sitting, status=422)
    try:
        with unit_of_work():
            sitting = get_sitting(sitting_id, "sitting.plan")
            service.edit_draft(sitting, values, person=current_user, seen=form.seen.data)
            outcome = _saved(sitting, now)
    except errors.NotNow:  # somebody else, or the first of two presses, published or cancelled it
        return redirect(url_for(".manage_sitting", sitting_id=sitting_id), 303)
    except Stale:
        return _both_plans(sitting_id, form, values)
    except (errors.NotPublishable, errors.NotYours) as refusal:
        return _render(form, get_sitting(sitting_id, "sitting.plan"), status=422, values=values, refusal=refusal)
    return redirect(outcome, 303)


def _both_plans(sitting_id, form, values):
    """Show what the other person saved beside what was typed (R25)."""
    sitting = get_sitting(sitting_id, "sitting.plan")
    form.seen.data = service.stamp(sitting)
    saved = _form(sitting, formdata=None)
    saved.fill(sitting, planning.people_lines((sitting.audience or {}).get("people", [])))
    rows = [(label, theirs, mine) for (label, theirs), (_label, mine) in zip(saved.shown(), form.shown(), strict=True)]
    theirs = {"entry": last_change(sitting.id, Sitting.__tablename__), "rows": rows}
    return _render(form, sitting, status=409, values=values, theirs=theirs)


@bp.post("/sittings/check")
@requires("sitting.plan")
def check_sitting():
    """Check a plan as it is typed; stores nothing. The right column while a plan is edited."""
    sitting_id = request.args.get("sitting_id", type=int)
    sitting = get_sitting(sitting_id, "sitting.plan") if sitting_id else None
    form = _form(sitting)
    checked = _checked(form, _read(form), sitting)
    return render_page("exams/_sitting_checks.html", form=form, sitting=sitting, paper=form.paper, **checked)
