"""What an exam page says of one attempt, and whether this browser is the place for it. For the view and for its lane."""

from datetime import timedelta
from functools import lru_cache

from app.core import clock
from app.core.shell import LOCALES
from app.exams import tokens
from app.exams.page import shell
from app.exams.rules import exam_clock

shown = lru_cache(maxsize=1000)(clock.show_clock)  # few due times, many pages


def device_cookie(attempt_id):
    """Return the name of the cookie that the live browser of an attempt holds (R18)."""
    return f"__Host-attempt-{attempt_id}"


class PageFacts:
    """Needs the keys that sign attempt tokens and the settings' time spans."""

    def __init__(self, app):
        settings = app.extensions["settings"]
        self._app = app
        self._grace, self._late = timedelta(seconds=settings.grace_seconds), timedelta(minutes=settings.late_minutes)

    @property
    def _keys(self):
        return self._app.extensions["attempt_keys"]

    def elsewhere(self, taking, cookie, now):
        """Return why the attempt is not worked on here: "ready", "over", "device"; or None. cookie: this browser's, if any."""
        if taking.state == "ready":
            return "ready"
        if taking.state == "handed_in" or taking.sitting_state == "cancelled":
            return "over"
        if exam_clock.is_over(now, taking.due_at, self._grace):
            return "over"
        return None if self.is_live(taking, cookie) else "device"

    def is_live(self, taking, cookie):
        """True when `cookie` says that the attempt was started or taken over in this browser last."""
        claims = self._keys.read(cookie)
        return claims is not None and claims[:3] == (taking.id, taking.person_id, taking.generation)

    def token(self, taking, filled=0):
        """Return the token of a page of this attempt; filled: its fields hold the saved answers."""
        place = LOCALES.index(taking.locale) if taking.locale in LOCALES else 0
        claims = (
            taking.id,
            taking.person_id,
            taking.generation,
            tokens.milliseconds(taking.due_at),
            len(taking.items),
            place,
            filled,
        )
        return self._keys.sign(tokens.Claims(*claims))

    def attempt(self, taking, now, filled=0):
        """Return what the templates are told of the attempt."""
        facts = {
            "id": taking.id,
            "token": self.token(taking, filled),
            "generation": taking.generation,
            "acked": taking.acked,
            "ms_left": exam_clock.ms_left(now, taking.due_at),
            "state": "in_progress",
            "due": shown(taking.due_at),
            "late_until": shown(taking.due_at + self._late),
            "left_count": taking.left_count,
        }
        if taking.earliest_minutes:
            opens = exam_clock.hand_in_from(taking.started_at, taking.due_at, taking.earliest_minutes)
            facts |= {"earliest": shown(opens), "earliest_ms": exam_clock.ms_left(opens, taking.due_at)}
        return facts

    @staticmethod
    def person(taking):
        return {"id": taking.person_id, "name": taking.person_name, "unit": taking.unit_name}

    @staticmethod
    def look(taking):
        """Return what the fixed pieces depend on besides the paper."""
        return {"locale": taking.locale, "text_size": taking.text_size}

    def values(self, taking, now, csrf):
        """Return the Pieces that go between the fixed ones of the page's shell."""
        return shell.values(self.attempt(taking, now), self.person(taking), taking.saved_json, csrf)
