"""Chooses a lane by method and path; without one, or when the lane gives the request back, Flask answers."""

import structlog

from app.exams.lanes.page import PageLane
from app.exams.lanes.saves import SaveLane

log = structlog.get_logger()
START, SAVE_END = "/attempts/", "/responses"


class Lanes:
    """WSGI middleware. `app` is the WSGI app that answers everything else."""

    def __init__(self, flask_app):
        self.app = None
        self._save, self._page = SaveLane(flask_app), PageLane(flask_app)

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith(START):
            answer = self._answer(environ, path[len(START) :])
            if answer is not None:
                status, headers, body = answer
                start_response(status, headers)
                return [body]
        return self.app(environ, start_response)

    def _answer(self, environ, rest):
        """Return (status, headers, body), or None for Flask. A lane that fails has done no harm: the view tries again."""
        method = environ["REQUEST_METHOD"]
        try:
            if method == "POST" and rest.endswith(SAVE_END) and rest[: -len(SAVE_END)].isdecimal():
                return self._save(environ, int(rest[: -len(SAVE_END)]))
            if method == "GET" and rest.isdecimal():
                return self._page(environ, int(rest))
        except Exception:
            log.exception("a lane failed", path=environ["PATH_INFO"])
        return None
