"""The invigilator's board: where everyone stands, renewed every few seconds; more time for one or for all."""

import secrets

from flask import flash, redirect, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from app.bank import seals as bank_seals
from app.core import clock, idempotency
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.fields import clean
from app.core.pages import paged, render_page
from app.exams import presence
from app.exams.forms import ExtensionForm
from app.exams.queries import sittings as queries
from app.exams.rules import sittings as rules
from app.exams.service import extending
from app.exams.views import bp
from app.exams.views.sittings import get_sitting
from app.papers import seals

PEOPLE_A_PAGE = 100


def init_app(app):
    """Hear the pages that save; seal papers for those who are to sit them."""
    presence.init_app(app)


@bank_seals.seals
def banks_sealed_by_a_sitting(person, bank_ids, now):
    """A bank stays closed to whoever is to sit a test drawn from it, until that sitting closes (R54)."""
    return queries.banks_sat_by(person.id, bank_ids, now)


@seals.seals
def sealed_by_a_sitting(person, paper_ids, now):
    """A paper stays closed to whoever is to sit it, until that sitting closes (R54)."""
    return queries.papers_sat_by(person.id, paper_ids, now)


@bp.get("/sittings/<int:sitting_id>/watch")
@requires("sitting.watch")
def watch_sitting(sitting_id):
    """The board. htmx asks for its part every 5 seconds."""
    sitting, now = get_sitting(sitting_id, "sitting.watch"), clock.now()
    state = request.args.get("state") if request.args.get("state") in queries.STANDS else None
    words = clean(request.args.get("q", ""))[:100]
    page = paged(queries.candidates(sitting.id, now=now, state=state, words=words), size=PEOPLE_A_PAGE, scalars=False)
    page.rows = queries.rows(page.rows)
    return render_page(
        "exams/watch_sitting.html", part="exams/_board.html", sitting=sitting, page=page, now=now, state=state, q=words,
        figures=queries.figures([sitting.id], now)[sitting.id], total=sitting.paper.question_count,
        phase=rules.phase(sitting.state, sitting.opens_at, sitting.closes_at, now),
        may_extend=current_user.may_in("sitting.extend", sitting.unit) and sitting.state == "published",
    )  # fmt: skip


def _extension_page(sitting, form, candidate=None, status=200, changes=None):
    return render_page(
        "exams/extend_time.html", status=status, sitting=sitting, form=form, candidate=candidate, changes=changes, now=clock.now()
    )


@bp.route("/sittings/<int:sitting_id>/extend", methods=["GET", "POST"])
@requires("sitting.extend")
def extend_time(sitting_id):
    """More minutes for one candidate (`candidate` in the address) or for all: first who and until when, then the deed (R9)."""
    sitting, form, now = get_sitting(sitting_id, "sitting.extend"), ExtensionForm(), clock.now()
    candidate = _candidate(sitting)
    if not form.validate_on_submit():
        form.deed.data = form.deed.data or secrets.token_urlsafe(16)
        return _extension_page(sitting, form, candidate, 422 if form.is_submitted() else 200)
    if request.form.get("act") != "extend":
        return _extension_page(
            sitting, form, candidate, changes=extending.preview(sitting, form.minutes.data, now=now, candidate=candidate)
        )
    body = idempotency.digest((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    route = f"{request.endpoint}:{sitting_id}:{candidate.id if candidate else 'all'}"
    outcome = url_for(".watch_sitting", sitting_id=sitting_id)
    with unit_of_work():
        if idempotency.finished(current_user.id, route, form.deed.data, body) is None:
            sitting = get_sitting(sitting_id, "sitting.extend")
            changes = extending.extend(
                sitting, form.minutes.data, form.reason.data, actor=current_user, now=now, candidate=_candidate(sitting)
            )  # fmt: skip
            idempotency.finish(current_user.id, route, form.deed.data, body, outcome)
            flash(ngettext("%(minutes)s more minutes for %(num)s person at work.", "%(minutes)s more minutes for %(num)s people at work.",
                           len(changes), minutes=form.minutes.data), "ok")  # fmt: skip
    return redirect(outcome, 303)


def _candidate(sitting):
    candidate_id = request.args.get("candidate", type=int)
    return db.first_or_404(queries.candidate_of(sitting.id, candidate_id)) if candidate_id else None
