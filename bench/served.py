"""The app with the two things it is compared with, in the same processes: a bare Flask view, and the naive idiom.

Paths below /bare and /naive go there, all others to the app, so that pairs differ in nothing but what is measured.
"""

from flask import Flask, jsonify, request

from app import create_app
from bench import naive

bare = Flask("bare")


@bare.post("/bare/save")
def save():
    """Parse a JSON request, answer JSON: the least that a save could cost in Flask."""
    changes = request.get_json()["changes"]
    return jsonify(acked=changes[-1]["seq"], state="in_progress")


@bare.get("/bare/page")
def page():
    """The least that a page could cost in Flask."""
    return "ok"


real = create_app()
apps = {"bare": bare, "naive": naive.create_app(real)}


def app(environ, start_response):
    """Pass the request on by the first part of its path."""
    return apps.get(environ["PATH_INFO"].split("/", 2)[1], real)(environ, start_response)
