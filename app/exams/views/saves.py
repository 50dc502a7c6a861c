"""The one address that answers go to. As little as possible happens here: token, body, queue, answer."""

import structlog
from flask import Response, current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import clock
from app.core.access import public
from app.core.db import db, unit_of_work
from app.core.shell import LOCALES
from app.exams import arrivals, lanes, tokens
from app.exams.rules.verdicts import STORED, Verdict
from app.exams.saves import reply
from app.exams.saves.body import MOST_BYTES, BadBody, parse
from app.exams.saves.limits import Bucket
from app.exams.saves.requests import BadRequest, SaveRequest, WriteFailed
from app.exams.service import marking, saving
from app.exams.views import bp

log = structlog.get_logger()

RETRY_AFTER = {429: 1, 503: 3}  # seconds


def init_app(app):
    """Make the writer, the keys and the limits; free the saves of the form token (their own token is the proof)."""
    saving.init_app(app)
    app.extensions["save_limits"] = Bucket()
    app.extensions["csrf_protect"].exempt(save_responses)
    lanes.init_app(app)


@bp.post("/attempts/<int:attempt_id>/responses")
@public  # the attempt token in the header is the proof: a save must not depend on the session (R15)
def save_responses(attempt_id):
    """Store answers, or hand in; 200 only after the commit. The protocol: docs/save-protocol.md."""
    arrived_at = arrival()
    extensions = current_app.extensions
    claims = extensions["attempt_keys"].read(request.headers.get("X-Attempt-Token"))
    if claims is None or claims.attempt_id != attempt_id:
        return answer(401, state="sign_in")
    if arrivals.COUNTED not in request.environ and not extensions["save_limits"].takes(attempt_id, clock.monotonic()):
        return answer(429, state="busy")
    try:
        body = parse(_body(), claims.count)
        saved = SaveRequest(attempt_id, claims.generation, arrived_at, body.changes, body.events, body.final, _device())
        outcome = extensions["save_writer"].save(saved)
    except BadBody as error:
        return refused(error, claims)
    except BadRequest:
        return refused(BadBody("not_stored"), claims)
    except WriteFailed:
        return answer(503, state="failed")
    return told(outcome, claims, bool(body.changes), arrived_at)


def arrival():
    """Return when the present request came in."""
    return arrivals.arrival(request.environ, current_app.extensions["settings"].trusted_proxies > 0)


def _body():
    if not request.is_json:
        raise BadBody("not_json_type")
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BadBody("too_large", kilobytes=MOST_BYTES // 1024) from None


def _device():
    return request.headers.get("User-Agent", "")[:200]


def told(outcome, claims, has_changes, arrived_at):
    """Return the answer to a request of which the writer made `outcome`."""
    verdict, receipt = outcome.verdict, None
    if outcome.over:
        receipt = url_for("exams.show_receipt", attempt_id=claims.attempt_id)
    if verdict in STORED:
        if outcome.over:
            mark_now(claims.attempt_id)
        return _stored(outcome, claims, arrived_at, receipt)
    if verdict is Verdict.LATE and has_changes:
        return answer(202, state="late", acked=outcome.acked, receipt_url=receipt)
    if verdict is Verdict.REPLACED and not outcome.over:
        return answer(409, state="taken_over")
    return answer(410, state="handed_in", receipt_url=receipt)


def _stored(outcome, claims, arrived_at, receipt):
    notice, now = None, clock.now()
    if receipt:
        return answer(200, **reply.fields(outcome, arrived_at, now, "handed_in"), receipt_url=receipt)
    if outcome.hand_in_from or tokens.milliseconds(outcome.due_at) != claims.due_ms:
        with force_locale(LOCALES[claims.locale]):
            notice = notice_of(outcome, claims)
    return answer(200, **reply.fields(outcome, arrived_at, now, notice=notice))


def notice_of(outcome, claims):
    """Return what the person should be told beside "saved": hand-in is too early, or there is more time than the page knew (R9)."""
    if outcome.hand_in_from:
        return _("Handing in is possible from %(time)s. Your answers are saved.", time=clock.show_clock(outcome.hand_in_from))
    minutes = round((tokens.milliseconds(outcome.due_at) - claims.due_ms) / 60_000)
    due = clock.show_clock(outcome.due_at)
    if minutes > 0:
        return _("The invigilator gave you %(minutes)s more minutes, until %(time)s.", minutes=minutes, time=due)
    return _("The test now ends at %(time)s.", time=due)


def mark_now(attempt_id):
    """Mark right after the hand-in is stored. If that fails, the job does it later: the hand-in stands."""
    try:
        with unit_of_work():
            marking.mark_attempts([attempt_id], now=clock.now())
    except Exception:
        db.session.rollback()
        log.exception("marking after a hand-in failed", attempt=attempt_id)


def answer(status, **fields):
    """Return a JSON answer."""
    response = Response(reply.encode(fields), status, mimetype="application/json")
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[status])
    return response


STATUSES = {"too_large": 413, "not_json_type": 415, "not_json": 400}


def refused(error, claims):
    """Return the answer to a body that cannot be taken: what is wrong, where, and what to do."""
    with force_locale(LOCALES[claims.locale]):
        message = _words(error)
        if error.place:
            message = _("Entry %(place)s: %(message)s", place=error.place, message=message)
    return answer(STATUSES.get(error.code, 422), state="refused", code=error.code, place=error.place, message=message)


def _words(error):
    texts = {
        "not_json_type": _("Answers are sent as application/json."),
        "not_json": _("The body is not valid JSON."),
        "too_large": _("At most %(kilobytes)s KB at a time. Send the answers in several parts."),
        "too_many": _("At most %(changes)s answers and %(events)s events at a time. Send them in several parts."),
        "field_twice": _("A field stands twice in one object."),
        "not_a_number": _("%(value)s is not a number."),
        "fields": _("A save has the fields changes, events and final."),
        "change_fields": _("An answer has the fields position, seq, answer, flag and age_ms."),
        "event_fields": _("An event has the fields kind, age_ms and seconds."),
        "position": _("The position is a whole number from 1 to %(count)s."),
        "seq": _("The sequence is a whole number above 0."),
        "age": _("The age is a whole number of milliseconds."),
        "flag": _("The flag is true or false."),
        "answer": _("The answer is a list of texts."),
        "not_stored": _("This answer cannot be stored. Reload the page and answer again."),
    }
    return texts[error.code] % error.params
