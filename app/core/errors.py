"""Refusals with words, and the pages for whatever goes wrong. One handler for all of them."""

import secrets

import structlog
from flask import current_app, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.db import db

log = structlog.get_logger()


class Refusal(Exception):
    """A rule said no. Subclasses set `status` and `message`, a lazy text with named placeholders.

    `values` fill the placeholders; `details` is an optional list of further lines for the reader.
    """

    status = 409
    message = _l("This cannot be done now.")

    def __init__(self, details=None, **values):
        super().__init__(type(self).__name__)
        self.values = values
        self.details = details or []

    @property
    def text(self):
        """The message in the reader's language."""
        return str(self.message) % self.values if self.values else str(self.message)


class Stale(Refusal):
    """Someone else changed the row since the form was opened (R25)."""

    message = _l("Somebody changed this in the meantime. Compare before you save.")


class TooMany(Refusal):
    """A rate limit (R79). `retry_after` is in seconds."""

    status = 429
    message = _l("Too many attempts. Try again in a moment.")

    def __init__(self, retry_after=60, **values):
        super().__init__(**values)
        self.retry_after = retry_after


TITLES = {
    400: _l("The request was not understood"),
    401: _l("Please sign in"),
    403: _l("You may not do this"),
    404: _l("Page not found"),
    405: _l("This address does not take that request"),
    409: _l("This cannot be done now"),
    410: _l("No longer available"),
    413: _l("Too large"),
    415: _l("Wrong kind of content"),
    422: _l("Please check what you entered"),
    429: _l("Too many attempts"),
    500: _l("Something failed"),
    503: _l("The server is busy"),
}
WORDS = {
    400: _l("What the browser sent could not be read. Go back and try again."),
    403: _l("Your role does not include this. Ask the administrator of your bureau."),
    404: _l("It may have been withdrawn, or the address is wrong."),
    405: _l("Go back and use the button on the page."),
    413: _l("What you sent is larger than this page takes. Send less at a time."),
    415: _l("The page expects another kind of content."),
    500: _l("What you saved before is safe. Try again later; if it stays, give the code below to the administrator."),
    503: _l("What you saved before is safe. Try again in a moment."),
}


def init_app(app):
    """Register the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def error_response(status, message, details=(), reference=None, retry_after=None):
    """Return the error page, or JSON for a JSON request, or an alert for an htmx one."""
    db.session.rollback()
    title = str(TITLES.get(status, TITLES[500]))
    if request.is_json or request.accept_mimetypes.best == "application/json":
        response = jsonify(error=title, message=str(message), details=[str(line) for line in details], reference=reference)
    else:
        response = make_response(
            render_template(
                "errors/error.html", status=status, title=title, message=message, details=details, reference=reference
            )
        )
    response.status_code = status
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(refusal):
    log.info("refused", refusal=type(refusal).__name__, path=request.path)
    return error_response(refusal.status, refusal.text, refusal.details, retry_after=getattr(refusal, "retry_after", None))


def _form_expired(error):
    return error_response(
        400, _l("This form is too old or was opened in another sign-in. Go back, reload the page and send it again.")
    )


def _http_error(error):
    if error.response is not None:  # a redirect raised as an exception
        return error.response
    retry = getattr(error, "retry_after", None)
    return error_response(error.code, WORDS.get(error.code, error.description), retry_after=retry)


def _bug(error):
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    reference = secrets.token_hex(3).upper()
    log.exception("bug", reference=reference, path=request.path, method=request.method)
    return error_response(500, WORDS[500], reference=reference)
