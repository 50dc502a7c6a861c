"""Before the test: the start page, its clock, the start. Candidates only; to others the sitting is not there (404)."""

from flask import abort, jsonify, redirect, url_for
from flask_login import current_user

from app.core import clock
from app.core.access import signed_in
from app.core.db import unit_of_work
from app.core.pages import render_page
from app.exams import errors
from app.exams.queries import entrance
from app.exams.service import attempts
from app.exams.views import bp, devices
from app.people.sessions import stays_open

stays_open(lambda person, now: entrance.has_running_attempt(person.id, now))


@bp.get("/sittings/<int:sitting_id>")
@signed_in
def show_sitting(sitting_id):
    """Who, when, the checks of the device, the rules, the start."""
    candidate = _own_candidate(sitting_id)
    if candidate.sitting.state == "cancelled":
        raise errors.SittingCancelled
    extra = attempts.extra_minutes(candidate)
    facts = entrance.stand(candidate, clock.now(), extra)
    if candidate.on_leave and facts["state"] in ("early", "open", "late"):
        raise errors.OnLeave
    person = {"id": current_user.id, "name": current_user.name, "unit": candidate.unit.label, "number": ""}
    return render_page("exams/show_sitting.html", sitting=entrance.sitting_facts(candidate, extra), person=person, **facts)


@bp.get("/sittings/<int:sitting_id>/clock")
@signed_in
def show_clock(sitting_id):
    """How long until the start, for the page that waits for it."""
    candidate = _own_candidate(sitting_id)
    facts = entrance.stand(candidate, clock.now(), attempts.extra_minutes(candidate))
    return jsonify(state=facts["state"], ms_to_open=facts["ms_to_open"])


@bp.post("/sittings/<int:sitting_id>/start")
@signed_in
def start_attempt(sitting_id):
    """Begin, or find the attempt that was begun: a second press starts nothing."""
    now = clock.now()
    with unit_of_work():
        attempt, begun = attempts.start_attempt(_own_candidate(sitting_id, for_update=True), now=now)
        attempt_id, proof = attempt.id, devices.proof(attempt) if begun else None
    response = redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)
    return devices.remember(response, attempt_id, proof) if begun else response


def _own_candidate(sitting_id, **how):
    return entrance.own_candidate(sitting_id, current_user.id, **how) or abort(404)
