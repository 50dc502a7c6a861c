"""What tests of sitting a test share: an attempt that runs in a browser, and the ways to save, read and check it."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import db
from app.exams.models import Attempt, Response
from app.exams.queries.answers import Shown
from app.exams.queries.versions import load_bodies

GRACE = timedelta(seconds=30)


class Sitter:
    """One person with a running attempt in one browser, speaking the save protocol."""

    def __init__(self, app, browser, person_id, attempt_id, token):
        self.app, self.browser, self.person_id, self.id, self.token = app, browser, person_id, attempt_id, token
        self.seq = 0

    def post(self, body, token=None, **kwargs):
        """Send a body (JSON-able, or bytes) to the save address."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Attempt-Token": self.token if token is None else token, **kwargs.pop("headers", {})}
        return self.browser.post(
            f"/attempts/{self.id}/responses",
            data=data,
            headers=headers,
            content_type=kwargs.pop("content_type", "application/json"),
        )

    def change(self, position, answer, flag=False, seq=None):
        """Return one change with the next sequence."""
        self.seq = seq or self.seq + 1
        return {"position": position, "seq": self.seq, "answer": answer, "flag": flag, "age_ms": 10}

    def save(self, *answers, final=False, events=()):
        """Save (position, answer) pairs in one request."""
        return self.post({"changes": [self.change(*answer) for answer in answers], "events": list(events), "final": final})

    def stored(self):
        """Return {position: answer} as the database has it."""
        with self.app.app_context():
            rows = db.session.execute(select(Response.position, Response.answer).where(Response.attempt_id == self.id))
            return {position: json.loads(answer) for position, answer in rows}

    def row(self):
        """Return the attempt's row, fresh."""
        with self.app.app_context():
            row = db.session.get(Attempt, self.id)
            db.session.refresh(row)
            db.session.expunge(row)
            return row


def page_text(answer):
    """Return a page's text, whatever its encoding on the way."""
    raw = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    return raw.decode()


def token_in(answer):
    """Return the attempt token that a page carries."""
    return re.search(r'data-token="([^"]+)"', page_text(answer)).group(1)


def right_answer(sitter, position):
    """Return the letters that this person must choose at a position to be right."""
    with sitter.app.app_context():
        attempt = db.session.get(Attempt, sitter.id)
        version_id = attempt.items[position - 1][0]
        shown = Shown(attempt, version_id, *load_bodies([version_id])[version_id])
        return [shown.letters[label] for label in shown.body["key"]] if shown.letters else shown.body["key"]


@pytest.fixture
def sit(app, client_of):
    """`sit(sitting, person)`: the person starts the sitting in a browser of their own."""

    def start(sitting, person):
        browser = client_of(person)
        answer = browser.post(f"/sittings/{sitting.id}/start")
        assert answer.status_code == 303, answer.text
        attempt_id = int(answer.headers["Location"].split("/")[-1])
        token = token_in(browser.get(f"/attempts/{attempt_id}", headers={"Accept-Encoding": "gzip"}))
        return Sitter(app, browser, person.id, attempt_id, token)

    return start


@pytest.fixture
def sitter(make, sit):
    """Somebody who has just started an open sitting of eight questions: two of each kind."""
    unit = make.unit()
    person = make.person(unit=unit)
    return sit(make.sitting(unit=unit, people=[person]), person)
