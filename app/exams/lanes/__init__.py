"""Short ways for the two requests that come in crowds: a save and the exam page (design/hotpath.md, g).

A lane answers only the plain case, with the same functions as the Flask view; whatever is unusual goes on to the view untouched.
Tests hold the answers of lane and view against each other.
"""

from werkzeug.middleware.proxy_fix import ProxyFix

from app.exams.lanes.middleware import Lanes


def init_app(app):
    """Put the lanes before Flask, behind the proxy's fix of addresses where there is one."""
    lanes = Lanes(app)
    if isinstance(app.wsgi_app, ProxyFix):
        lanes.app, app.wsgi_app.app = app.wsgi_app.app, lanes
    else:
        lanes.app, app.wsgi_app = app.wsgi_app, lanes
