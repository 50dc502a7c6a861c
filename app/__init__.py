"""知责: `create_app()` ties the parts together; an index, no logic."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config
from app.core import assets, errors, logs, security, shell
from app.core import db as database

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("people", "courses", "notices", "bank", "papers", "exams", "trainings", "reports")


def create_app(overrides=None, flask_config=None):
    """Return the WSGI app. `overrides`: settings by field name; `flask_config`: Flask's own keys (tests)."""
    settings = config.load(**(overrides or {}))
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.key("session"),
        SESSION_COOKIE_NAME="__Host-zz",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form token lives as long as its session
        **(flask_config or {}),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    logs.init_app(app)
    database.init_app(app)
    Migrate(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    app.extensions["csrf_protect"] = CSRFProtect(app)
    LoginManager(app)
    security.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    shell.init_app(app)
    for part in PARTS:
        _add_part(app, part)
    from app import commands

    commands.init_app(app)
    return app


def _add_part(app, part):
    """Load a part's models, jobs and views, and let it hook itself in."""
    for module in ("models", "jobs", "views"):
        name = f"app.{part}.{module}"
        if find_spec(name):
            loaded = import_module(name)
            if module == "views" and hasattr(loaded, "bp"):
                app.register_blueprint(loaded.bp)
            if hasattr(loaded, "init_app"):
                loaded.init_app(app)
