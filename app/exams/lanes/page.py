"""The lane of the exam page: its owner's fresh sign-in, in the live browser, all pieces at hand."""

import hmac
import json
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

from app.core import clock
from app.exams.lanes import http
from app.exams.lanes.combining import Combining
from app.exams.lanes.connections import Connections
from app.exams.page import paper, stream
from app.exams.page.facts import PageFacts, device_cookie
from app.exams.queries.taking import READERS, Asking
from app.people.sessions import token_hash


class QuickHMAC(SigningAlgorithm):
    """HMAC by the library's own object, found by name: half the time of one made from a Python function."""

    def __init__(self, digest_method):
        self._name = digest_method().name

    def get_signature(self, key, value):
        return hmac.new(key, value, self._name).digest()


class Signed:
    """What itsdangerous' timed serializers do, with the key derived and the signer made once instead of at every call."""

    def __init__(self, serializer):
        made = serializer.make_signer(serializer.salt)
        options = {"key_derivation": "none", "algorithm": QuickHMAC(made.digest_method)}
        self._serializer, self._signer = serializer, type(made)(made.derive_key(), salt=serializer.salt, **options)

    def loads(self, text, max_age):
        """Return what was signed. Raises BadData."""
        return self._serializer.load_payload(self._signer.unsign(text.encode(), max_age=max_age))

    def dumps(self, value):
        """Return `value` signed, as text."""
        return self._signer.sign(self._serializer.dump_payload(value)).decode()


class PageLane:
    """Answers GET /attempts/<id>."""

    def __init__(self, app):
        settings = app.extensions["settings"]
        self._reader = READERS["sqlite" if settings.database.startswith("sqlite") else "postgresql"]
        self._connections = Connections(settings.database, self._reader.prepare)
        self._ask = (
            Combining(self._read).ask if self._connections.dialect == "postgresql" else lambda asking: self._read([asking])[0]
        )
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._longest = int(app.permanent_session_lifetime.total_seconds())
        sessions = app.session_interface.get_signing_serializer(app)
        sessions.serializer = json  # Flask's own reads tagged values too; the two that matter here are plain texts
        self._sessions = Signed(sessions)
        self._csrf = Signed(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token"))
        self._hours = timedelta(hours=settings.session_hours)
        self._idle = timedelta(minutes=min(settings.idle_minutes_staff, settings.idle_minutes_trainee))
        self._facts = PageFacts(app)

    def __call__(self, environ, attempt_id):
        """Return (status, headers, body) or None."""
        if "plain" in environ.get("QUERY_STRING", ""):
            return None
        cookies, now = http.cookies(environ), clock.now()
        session = self._session(cookies.get(self._cookie))
        if session is None:
            return None
        taking = self._ask(Asking(attempt_id, token_hash(session["_user_id"]), paper.known_count(attempt_id)))
        if taking is None or self._facts.elsewhere(taking, cookies.get(device_cookie(attempt_id)), now):
            return None
        values = self._facts.values(taking, now, self._csrf.dumps(session["csrf_token"]))
        page = paper.page(taking, values, self._facts.look(taking), may_render=False)
        return None if page is None else self._answer(environ, page)

    def _session(self, cookie):
        """Return the session of a signed-in browser that has a form token, or None."""
        try:
            session = self._sessions.loads(cookie, max_age=self._longest) if cookie else None
        except BadData:
            return None
        return session if session and "_user_id" in session and "csrf_token" in session else None

    def _read(self, crowd):
        now = clock.now()
        with self._connections.one() as connection:
            return self._reader.of_signed_in(connection, crowd, created_after=now - self._hours, seen_after=now - self._idle)

    @staticmethod
    def _answer(environ, page):
        more = [("Vary", "Accept-Encoding, Cookie")]
        if http.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body = stream.gzipped(*page)
            more.append(("Content-Encoding", "gzip"))
        else:
            body = stream.plain(*page)
        return "200 OK", http.headers(environ, "text/html; charset=utf-8", len(body), *more), body
