"""Pages of the people part."""

from flask import Blueprint

from app.people import sessions

bp = Blueprint("people", __name__)
init_app = sessions.init_app
