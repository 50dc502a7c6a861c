"""The exam page, and the plain forms that stand in for its scripts. Own attempts only: anything else is not there (404)."""

from flask import Response, abort, current_app, redirect, request, send_from_directory, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from app.core import clock
from app.core.access import public, signed_in
from app.core.db import unit_of_work
from app.core.pages import render_page
from app.exams.lanes.http import takes_gzip
from app.exams.models import Attempt
from app.exams.page import paper, stream
from app.exams.page.facts import PageFacts, device_cookie
from app.exams.queries import taking as reads
from app.exams.rules import exam_clock
from app.exams.service import attempts
from app.exams.views import bp, devices


def init_app(app):
    """Under test, where tables are emptied between two contexts, nothing is remembered from one to the next."""
    if app.testing:
        app.teardown_appcontext(lambda _: paper.forget())


@bp.get("/attempts/<int:attempt_id>")
@signed_in
def show_attempt(attempt_id):
    """The whole paper in one page; `?plain=1` with the answers in the fields, for browsers whose scripts fail.

    Mostly answered by its lane (lanes.page), out of pieces that this view has made.
    """
    now = clock.now()
    taking = own_taking(attempt_id)
    elsewhere = not_here(taking, now)
    if elsewhere is not None:
        return elsewhere
    facts = page_facts()
    if "plain" in request.args:
        return render_page("exams/show_attempt.html", sections=paper.sections_of(taking), **_whole(facts, taking, now))
    page = paper.page(taking, facts.values(taking, now, generate_csrf()), facts.look(taking))
    response = Response(mimetype="text/html", headers={"Vary": "Accept-Encoding, Cookie"})
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(stream.gzipped(*page))
    else:
        response.set_data(stream.plain(*page))
    return response


@bp.get("/attempts/offline.js")
@public
def offline_worker():
    """The exam page's service worker, under an address that lets it see nothing but attempts. Asked for again each time."""
    response = send_from_directory(current_app.static_folder, "exams/offline.js", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


def own_taking(attempt_id):
    """Return the signed-in person's own attempt; 404 for any other."""
    return reads.of_person(attempt_id, current_user.id) or abort(404)


def page_facts():
    """Return the running app's PageFacts."""
    return PageFacts(current_app)


def not_here(taking, now):
    """Return where to go instead of working on this attempt here, or None: not started, handed in, live in another browser."""
    why = page_facts().elsewhere(taking, request.cookies.get(device_cookie(taking.id)), now)
    if why == "ready":
        return redirect(url_for(".show_sitting", sitting_id=taking.sitting_id))
    if why == "over":
        return redirect(url_for(".show_receipt", attempt_id=taking.id))
    if why == "device":
        left = exam_clock.ms_left(now, taking.due_at) // 60_000
        facts = {"sitting": {"title": taking.title}, "person": {"id": taking.person_id}, "minutes_left": left}
        return render_page("exams/take_over.html", attempt_id=taking.id, **facts)
    return None


def _whole(facts, taking, now):
    """Return the context of the page in one rendering."""
    return {
        "attempt": facts.attempt(taking, now, filled=1),
        "person": facts.person(taking),
        "sitting": {"title": taking.title, "watch": True},
        "count": len(taking.items),
        "saved": taking.saved,
    }


@bp.post("/attempts/<int:attempt_id>/take-over")
@signed_in
def take_over(attempt_id):
    """Go on in this browser; the other one stops (R18)."""
    now = clock.now()
    with unit_of_work() as work:
        attempt = work.get(Attempt, attempt_id)
        if attempt is None or attempt.person_id != current_user.id:
            abort(404)
        proof = devices.proof(attempt) if attempts.take_over(attempt, now=now) else None
    response = redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)
    return devices.remember(response, attempt_id, proof) if proof else response
