"""The naive idiom that the save path is compared with, written as well as it can be: a session's user, ORM rows, merge, commit.

It is durable and loses nothing: on SQLite it takes the app's write gate and BEGIN IMMEDIATE through unit_of_work(),
which spares it the busy handler's polling, so the comparison is rather too kind to it.
"""

from datetime import timedelta

from flask import Flask, abort, jsonify, request
from flask_login import LoginManager, current_user, login_required

from app.core import clock
from app.core import db as database
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Response
from app.exams.saves.body import answer_text
from app.people.models import Person

COOKIE = "naive"
GRACE = timedelta(seconds=30)


def create_app(real):
    """Return a small Flask app on the database of `real`."""
    app = Flask("naive")
    app.extensions["settings"] = real.extensions["settings"]
    app.config.update(SECRET_KEY=real.secret_key, SESSION_COOKIE_NAME=COOKIE)
    database.init_app(app)
    LoginManager(app).user_loader(lambda person_id: db.session.get(Person, int(person_id)))
    app.post("/naive/attempts/<int:attempt_id>/responses")(login_required(save))
    return app


def save(attempt_id):
    """Keep the answers of one request."""
    now, body = clock.now(), request.get_json()
    with unit_of_work() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.person_id != current_user.id:
            abort(404)
        if attempt.state != "in_progress" or now > attempt.due_at + GRACE:
            abort(410)
        for change in body["changes"]:
            session.merge(
                Response(
                    attempt_id=attempt_id,
                    position=change["position"],
                    seq=change["seq"],
                    answer=answer_text(change["answer"]),
                    flag=change["flag"],
                    saved_at=now,
                    generation=attempt.generation,
                )
            )
        due_at = attempt.due_at
    return jsonify(acked=body["changes"][-1]["seq"], state="in_progress", ms_left=int((due_at - now).total_seconds() * 1000))


def cookie(app, person_id):
    """Return the cookie of a browser in which the person is signed in."""
    value = app.session_interface.get_signing_serializer(app).dumps({"_user_id": str(person_id), "_fresh": True})
    return f"{COOKIE}={value}"
