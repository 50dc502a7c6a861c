"""Saving, checking and handing in as plain forms, and the receipt. The form's hidden token is the proof, as for the scripts (R15)."""

from functools import wraps

from flask import abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import signed_in
from app.core.pages import render_page
from app.exams import errors
from app.exams.page import paper
from app.exams.queries import receipts
from app.exams.queries import taking as reads
from app.exams.rules import exam_clock
from app.exams.rules.verdicts import STORED, Verdict
from app.exams.saves.body import LARGEST_SEQ, LONGEST_STRING, Change, answer_text
from app.exams.saves.requests import BadRequest, SaveRequest, WriteFailed
from app.exams.views import bp
from app.exams.views.saves import arrival, mark_now
from app.exams.views.taking import not_here, own_taking, page_facts


def init_app(app):
    """Free the forms that carry an attempt token of the session's form token."""
    for view in (save_answers, submit):
        app.extensions["csrf_protect"].exempt(view)


def with_token(view):
    """The view gets the Claims of the form's attempt token; without a genuine one a stranger is sent to sign in."""

    @wraps(view)
    def guarded(attempt_id):
        claims = current_app.extensions["attempt_keys"].read(request.form.get("token"))
        if claims is not None and claims.attempt_id == attempt_id:
            return view(claims)
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()
        return redirect(url_for(".show_attempt", attempt_id=attempt_id, plain=1), 303)

    guarded.access = "signed_in"
    return guarded


@bp.post("/attempts/<int:attempt_id>/answers")
@with_token
def save_answers(claims):
    """Save what stands in the form; the button says what then: save, check or hand_in."""
    go = request.form.get("go", "save")
    taking = reads.of_person(claims.attempt_id, claims.person_id) or abort(404)
    outcome = _save(claims, _changes(taking, claims), final=go == "hand_in")
    if outcome.over:
        return redirect(url_for(".show_receipt", attempt_id=claims.attempt_id), 303)
    if outcome.verdict is Verdict.REPLACED:
        return redirect(url_for(".show_attempt", attempt_id=claims.attempt_id), 303)
    where = ".show_attempt" if go == "save" else ".check_attempt"
    return redirect(url_for(where, attempt_id=claims.attempt_id, plain=1), 303)


@bp.post("/attempts/<int:attempt_id>/submit")
@with_token
def submit(claims):
    """Hand in what is saved."""
    outcome = _save(claims, [], final=True)
    where = ".show_receipt" if outcome.over else ".check_attempt"
    return redirect(url_for(where, attempt_id=claims.attempt_id), 303)


def _save(claims, changes, final):
    device = request.headers.get("User-Agent", "")[:200]
    saved = SaveRequest(claims.attempt_id, claims.generation, arrival(), changes, [], final, device)
    try:
        outcome = current_app.extensions["save_writer"].save(saved)
    except WriteFailed:
        raise errors.SaveFailed from None
    except BadRequest:
        raise errors.BadAnswer from None
    if outcome.verdict in STORED and outcome.over:
        mark_now(claims.attempt_id)
    return outcome


def _changes(taking, claims):
    """Return the form's answers as Changes: those that differ from what is saved.

    An empty field clears an answer only where the page showed the saved ones in its fields (`claims.filled`).
    """
    saved, kinds_of = taking.saved, paper.blanks_of(taking)
    seq = min(taking.acked + 1, LARGEST_SEQ)
    changes = []
    for position, (version_id, blanks) in enumerate(kinds_of, 1):
        held = saved.get(position, {"answer": [], "flag": False})
        answer, flag = _typed(version_id, blanks), f"f-{version_id}" in request.form
        if not claims.filled:
            answer, flag = answer or held["answer"], flag or held["flag"]
        if (answer, flag) != (held["answer"], held["flag"]):
            changes.append(Change(position, seq, answer_text(answer), flag, 0))
    return changes


def _typed(version_id, blanks):
    """Return what the form says to one question: chosen letters, or the text of each blank; [] for nothing."""
    name = f"r-{version_id}"
    if not blanks:
        texts = request.form.getlist(name)[:40]
    else:
        texts = [request.form.get(f"{name}-{number}", "").strip() for number in range(1, blanks + 1)]
    if any(len(text) > LONGEST_STRING for text in texts):
        raise errors.BadAnswer
    return texts if any(texts) else []


@bp.get("/attempts/<int:attempt_id>/check")
@signed_in
def check_attempt(attempt_id):
    """What is open and flagged, before handing in."""
    now = clock.now()
    taking = own_taking(attempt_id)
    elsewhere = not_here(taking, now)
    if elsewhere is not None:
        return elsewhere
    saved, nothing = taking.saved, {"answer": [], "flag": False}
    rows = [
        {"position": position, "version_id": version_id, "answered": any(held["answer"]), "flagged": held["flag"]}
        for position, (version_id, _section) in enumerate(taking.items, 1)
        for held in [saved.get(position, nothing)]
    ]
    facts = page_facts()
    context = {"attempt": facts.attempt(taking, now), "person": facts.person(taking), "sitting": {"title": taking.title}}
    return render_page("exams/check_attempt.html", rows=rows, wait=_wait(taking, now), **context)


def _wait(taking, now):
    """Return why handing in is not possible yet, or ""."""
    opens = exam_clock.hand_in_from(taking.started_at, taking.due_at, taking.earliest_minutes)
    return _("Possible from %(time)s", time=clock.show_clock(opens)) if now < opens else ""


@bp.get("/attempts/<int:attempt_id>/receipt")
@signed_in
def show_receipt(attempt_id):
    """The receipt of one's own paper, also when it was handed in by itself."""
    now = clock.now()
    attempt = receipts.own_attempt(attempt_id, current_user.id) or abort(404)
    if attempt.sitting.state == "cancelled":
        raise errors.SittingCancelled
    if receipts.is_running(attempt, now):
        return redirect(url_for(".show_attempt", attempt_id=attempt_id))
    if attempt.state == "ready":
        return redirect(url_for(".show_sitting", sitting_id=attempt.sitting_id))
    return render_page("exams/show_receipt.html", sitting=attempt.sitting, person=current_user, **receipts.receipt(attempt, now))
