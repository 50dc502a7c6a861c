"""The exam page, and the plain forms that stand in for its scripts. Own attempts only: anything else is not there (404)."""

from datetime import timedelta

from flask import Response, abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from app.core import clock
from app.core.access import signed_in
from app.core.db import unit_of_work
from app.core.pages import render_page
from app.exams import times
from app.exams.models import Attempt
from app.exams.page import paper, shell, stream
from app.exams.queries import taking as reads
from app.exams.rules import exam_clock
from app.exams.service import attempts
from app.exams.views import bp, devices
from app.people.sessions import WITHOUT_SESSION, token_hash

WITHOUT_SESSION.add("exams.show_attempt")  # the page checks the sign-in in its own read, see _quickly


def init_app(app):
    """Under test, where tables are emptied between two contexts, nothing is remembered from one to the next."""
    if app.testing:
        app.teardown_appcontext(lambda _: paper.forget())


def own_page(view):
    """The page of a signed-in person's own attempt: the view checks the sign-in itself, together with the attempt."""
    view.access = "signed_in"
    return view


@bp.get("/attempts/<int:attempt_id>")
@own_page
def show_attempt(attempt_id):
    """The whole paper in one page; `?plain=1` with the answers in the fields, for browsers whose scripts fail."""
    now = clock.now()
    taking = None if "plain" in request.args else _quickly(attempt_id, now)
    if taking is None:
        taking = own_taking(attempt_id)
    elsewhere = not_here(taking, now)
    if elsewhere is not None:
        return elsewhere
    if "plain" in request.args:
        return render_page("exams/show_attempt.html", sections=paper.sections_of(taking), **whole_page(taking, now))
    return _joined(taking, now)


def _quickly(attempt_id, now):
    """Return the attempt if this browser's sign-in is its owner's and surely fresh, in one read; None: look closely."""
    token, settings = session.get("_user_id"), current_app.extensions["settings"]
    if not token:
        return None
    created = now - timedelta(hours=settings.session_hours)
    seen = now - timedelta(minutes=min(settings.idle_minutes_staff, settings.idle_minutes_trainee))
    return reads.of_signed_in(attempt_id, token_hash(token), created_after=created, seen_after=seen)


def own_taking(attempt_id):
    """Return the signed-in person's own attempt; 404 for any other, sign-in for a stranger."""
    if not current_user.is_authenticated:
        abort(current_app.login_manager.unauthorized())
    return reads.of_person(attempt_id, current_user.id) or abort(404)


def not_here(taking, now):
    """Return where to go instead of working on this attempt here, or None: not started, handed in, live in another browser."""
    if taking.state == "ready":
        return redirect(url_for(".show_sitting", sitting_id=taking.sitting_id))
    if (
        taking.state == "handed_in"
        or taking.sitting_state == "cancelled"
        or exam_clock.is_over(now, taking.due_at, times.grace())
    ):
        return redirect(url_for(".show_receipt", attempt_id=taking.id))
    if not devices.is_live(taking):
        left = exam_clock.ms_left(now, taking.due_at) // 60_000
        person = {"id": taking.person_id}
        return render_page(
            "exams/take_over.html", attempt_id=taking.id, sitting={"title": taking.title}, person=person, minutes_left=left
        )
    return None


def attempt_facts(taking, saved, now, locale, filled=0):
    """Return what the templates are told of the attempt."""
    facts = {
        "id": taking.id,
        "token": devices.token_of(taking, locale, filled),
        "generation": taking.generation,
        "acked": max((answer["seq"] for answer in saved.values()), default=0),
        "ms_left": exam_clock.ms_left(now, taking.due_at),
        "state": "in_progress",
        "due": clock.show_clock(taking.due_at),
        "late_until": clock.show_clock(taking.due_at + times.late()),
        "left_count": taking.left_count,
    }
    if taking.earliest_minutes:
        opens = exam_clock.hand_in_from(taking.started_at, taking.due_at, taking.earliest_minutes)
        facts |= {"earliest": clock.show_clock(opens), "earliest_ms": exam_clock.ms_left(opens, taking.due_at)}
    return facts


def person_facts(taking):
    return {"id": taking.person_id, "name": taking.person_name, "unit": taking.unit_name}


def whole_page(taking, now):
    """Return the context of the page in one rendering."""
    saved = reads.saved_answers(taking.id)
    return {
        "attempt": attempt_facts(taking, saved, now, taking.locale, filled=1),
        "person": person_facts(taking),
        "sitting": {"title": taking.title, "watch": True},
        "count": len(taking.items),
        "saved": saved,
    }


def _joined(taking, now):
    saved = reads.saved_answers(taking.id)
    facts = attempt_facts(taking, saved, now, taking.locale)
    values = shell.values(facts, person_facts(taking), saved, generate_csrf())
    pieces = paper.pieces(taking, values, {"locale": taking.locale, "text_size": taking.text_size})
    headers = {"Vary": "Accept-Encoding, Cookie"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(stream.plain(pieces), mimetype="text/html", headers=headers)
    return Response(stream.gzipped(pieces), mimetype="text/html", headers=headers | {"Content-Encoding": "gzip"})


@bp.post("/attempts/<int:attempt_id>/take-over")
@signed_in
def take_over(attempt_id):
    """Go on in this browser; the other one stops (R18)."""
    now = clock.now()
    with unit_of_work() as work:
        attempt = work.get(Attempt, attempt_id)
        if attempt is None or attempt.person_id != current_user.id:
            abort(404)
        taken = attempts.take_over(attempt, now=now)
        facts = attempt if taken else None
    response = redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)
    return devices.remember(response, facts) if facts else response
