"""The lane of saves: a genuine token, a sound body, an attempt that runs. Everything else goes on to the view."""

from io import BytesIO

from app.core import clock
from app.exams import arrivals, tokens
from app.exams.lanes import http
from app.exams.rules.verdicts import Verdict
from app.exams.saves import reply
from app.exams.saves.body import MOST_BYTES, BadBody, parse
from app.exams.saves.requests import BadRequest, SaveRequest, WriteFailed


class SaveLane:
    """Answers POST /attempts/<id>/responses."""

    def __init__(self, app):
        self._app, self._trusts_proxy = app, app.extensions["settings"].trusted_proxies > 0

    def __call__(self, environ, attempt_id):
        """Return (status, headers, body) or None. The view sees the arrival of the request here, and its body unread."""
        arrived_at = arrivals.arrival(environ, self._trusts_proxy)
        environ[arrivals.STAMP] = arrived_at
        extensions = self._app.extensions
        claims = extensions["attempt_keys"].read(environ.get("HTTP_X_ATTEMPT_TOKEN"))
        if claims is None or claims.attempt_id != attempt_id or http.is_from_elsewhere(environ):
            return None
        raw = _body(environ)
        if raw is None or not extensions["save_limits"].takes(attempt_id, clock.monotonic()):
            return None
        environ[arrivals.COUNTED] = True
        try:
            body = parse(raw, claims.count)
        except BadBody:
            return None
        return None if body.final else self._saved(environ, claims, body, arrived_at)

    def _saved(self, environ, claims, body, arrived_at):
        device = environ.get("HTTP_USER_AGENT", "")[:200]
        request = SaveRequest(claims.attempt_id, claims.generation, arrived_at, body.changes, body.events, False, device)
        try:
            outcome = self._app.extensions["save_writer"].save(request)
        except BadRequest:
            return None
        except WriteFailed:
            failed = reply.encode({"state": "failed"}).encode()
            return "503 Service Unavailable", http.headers(environ, "application/json", len(failed), ("Retry-After", "3")), failed
        if outcome.verdict is not Verdict.SAVED or tokens.milliseconds(outcome.due_at) != claims.due_ms:
            return None
        answer = reply.encode(reply.fields(outcome, arrived_at, clock.now())).encode()
        return "200 OK", http.headers(environ, "application/json", len(answer)), answer


def _body(environ):
    """Return the body of a JSON request of a size that may come, or None; the stream is left as if unread."""
    length = environ.get("CONTENT_LENGTH", "")
    content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if content_type != "application/json" or not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    raw = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(raw)
    return raw
