"""One app and one database for the whole run (SQLite by default, `--store postgres` for the real server); tables are emptied after each test."""

import contextvars
import os
import secrets
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from flask import has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.core import clock
from app.core.db import db, unit_of_work
from app.people import sessions
from tests import factories

os.environ["TZ"] = "America/New_York"  # R1: the server's own zone must not matter


def pytest_addoption(parser):
    parser.addoption("--store", choices=["sqlite", "postgres"], default="sqlite", help="the database to run on")


@pytest.fixture(scope="session")
def store(request):
    """The database's URL for this run."""
    if request.config.getoption("--store") == "sqlite":
        with tempfile.TemporaryDirectory(prefix="zhize-") as folder:
            yield f"sqlite:///{folder}/test.db"
        return
    from tests.postgres import running_server

    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def data_dir():
    """Where the run keeps its files."""
    with tempfile.TemporaryDirectory(prefix="zhize-data-") as folder:
        yield Path(folder)


class Browser(FlaskClient):
    """A test client whose requests see nothing of the test's own app context: no shared person, no shared session."""

    def open(self, *args, **kwargs):
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()  # so that the test reads what the request stored
        return answer


@pytest.fixture(scope="session")
def app(store, data_dir):
    """The app with its tables made by the migrations, as in production."""
    app = create_app(
        {"database_url": store, "data_dir": str(data_dir), "secret_key": secrets.token_urlsafe(48), "log_level": "ERROR"},
        {"TESTING": True, "WTF_CSRF_ENABLED": False},
    )
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(autouse=True)
def _clean(request):
    """Empty the tables after each test that used the app."""
    yield
    clock.set_for_tests(None)
    if "app" in request.fixturenames:
        wipe(request.getfixturevalue("app"))


def wipe(app):
    """Delete every row, whatever the foreign keys say, and leave the schema; ids begin again, so what is counted by them does too."""
    from app.core import protect
    from app.exams.saves.limits import Bucket

    app.extensions["save_limits"] = Bucket()
    with app.app_context():
        db.session.remove()
        tables = [table.name for table in db.metadata.sorted_tables]
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if db.engine.dialect.name == "sqlite":
                protect.drop_guards(raw.execute)
                raw.execute("ROLLBACK") if raw.in_transaction else None
                raw.execute("PRAGMA foreign_keys=OFF")
                raw.execute("BEGIN IMMEDIATE")
                for name in tables:
                    raw.execute(f'DELETE FROM "{name}"')
                raw.execute("COMMIT")
                raw.execute("PRAGMA foreign_keys=ON")
                protect.add_guards(raw.execute)
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
                connection.commit()


@pytest.fixture
def context(app):
    """An app context for tests that call services and queries directly."""
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def set_clock():
    """Stop the clock at a moment: an aware datetime, or 'YYYY-MM-DD HH:MM' Shanghai time."""

    def set_to(moment):
        if isinstance(moment, str):
            moment = clock.from_local(datetime.fromisoformat(moment))
        clock.set_for_tests(moment)
        return moment

    return set_to


@pytest.fixture
def client(app):
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture
def client_of(app):
    """`client_of(person)`: a browser in which the person is signed in."""

    def sign_in(person):
        browser = app.test_client()
        person_id = person if isinstance(person, int) else person.id
        with app.test_request_context(), unit_of_work():
            token = sessions.start(db.session.get(factories.Person, person_id), now=clock.now())
        with browser.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture
def make(app):
    """The factories, each in a unit of work of its own; rows come back detached but loaded."""
    with app.app_context():
        yield factories.Maker()
        db.session.remove()


@pytest.fixture
def count_queries(app):
    """`count_queries(fn)`: how many statements the database was sent while `fn()` ran."""
    from sqlalchemy import event

    def count(fn):
        seen = []

        def note(connection, cursor, statement, *rest):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            fn()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count
