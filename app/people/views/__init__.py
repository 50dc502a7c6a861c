"""Pages of the people part: signing in and own settings here, the administrators' screens beside it."""

from flask import Blueprint

from app.people import browsers, sessions

bp = Blueprint("people", __name__)

from app.people.views import me, sign_in  # noqa: E402, F401 - they add their routes to bp


def init_app(app):
    """Hook sign-in into every request."""
    sessions.init_app(app)
    app.after_request(browsers.add_cookie)
