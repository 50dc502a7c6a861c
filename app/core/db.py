"""The database: models' base, engine rules, and the unit of work, the only place that commits or rolls back.

SQLite runs in WAL with synchronous=FULL; every write transaction is BEGIN IMMEDIATE behind a flock, because the
busy handler polls and is unfair, and because read-then-write transactions silently lose updates (design/hotpath.md).
"""

import fcntl
import os
import select
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal

from flask import current_app, has_app_context, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Integer, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table's class."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Model, disable_autonaming=True, session_options={"autoflush": True})

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UTCDateTime(TypeDecorator):
    """An instant: aware in Python, UTC in the database. Refuses naive values (R1)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: every stored time is aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(TypeDecorator):
    """Exact points with two decimals, stored as a whole number of hundredths so that SQLite sums them exactly too (R28)."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int((Decimal(value) * 100).to_integral_exact())

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value) / 100


class WriteGate:
    """Lets one write transaction of the whole machine through at a time, in turn (SQLite only)."""

    def __init__(self, path):
        self.path = path

    @contextmanager
    def __call__(self):
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)  # gives the lock back


class NoGate:
    """PostgreSQL orders its writers itself."""

    @contextmanager
    def __call__(self):
        yield


def init_app(app):
    """Bind the database to the app and lay down the engine's rules."""
    settings = app.extensions["settings"]
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    is_sqlite = settings.database.startswith("sqlite")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = (
        {"connect_args": {"timeout": 5, "check_same_thread": False}}
        if is_sqlite
        else {"pool_size": 20, "max_overflow": 10, "pool_use_lifo": True}  # the last one used knows the statements
    )
    if is_sqlite:
        settings.data_path.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    app.extensions["write_gate"] = WriteGate(f"{sqlite_path(settings.database)}.lock") if is_sqlite else NoGate()


def sqlite_path(url):
    """Return the file of a `sqlite:///` URL."""
    return url.split("///", 1)[1]


@event.listens_for(Engine, "connect")
def _prepare_connection(connection, record):
    if type(connection).__module__.startswith("sqlite3"):
        prepare_sqlite(connection)


def prepare_sqlite(connection):
    """Set a raw SQLite connection to durable WAL; the caller begins transactions itself."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=5000")


@event.listens_for(Engine, "checkout")
def _still_connected(connection, record, proxy):
    """Refuse a connection that PostgreSQL has closed; the pool opens another. Words that nobody asked for are its farewell."""
    if hasattr(connection, "pgconn") and _has_something_to_read(connection.pgconn.socket):
        raise DisconnectionError


def _has_something_to_read(socket):
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


@event.listens_for(Engine, "checkin")
def _back_to_transactions(connection, record):
    if hasattr(connection, "pgconn") and not connection.closed:
        connection.autocommit = False


@event.listens_for(Session, "after_begin")
def _read_without_transaction(session, transaction, connection):
    """On PostgreSQL a request reads without BEGIN and ROLLBACK: at READ COMMITTED they add two round trips and no consistency."""
    raw = connection.connection.driver_connection
    if hasattr(raw, "pgconn") and not transaction.nested:
        raw.autocommit = has_request_context() and not _writing.get()


@event.listens_for(Engine, "begin")
def _begin(connection):
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_writes_outside(session, context, instances):
    """A write outside a unit of work would begin as a reader and could be lost: refuse it at once."""
    if not _writing.get() and (session.new or session.deleted or any(session.is_modified(row) for row in session.dirty)):
        raise RuntimeError("write outside unit_of_work()")


@contextmanager
def unit_of_work():
    """Everything inside is stored together, or nothing is. Ends any read transaction first.

    Audit entries recorded inside are chained just before the commit; `after_commit` callbacks run after it.
    """
    if _writing.get():
        raise RuntimeError("units of work do not nest")
    from app.core import audit  # the chain needs this module

    session = db.session
    session.commit()
    with current_app.extensions["write_gate"]():
        token = _writing.set(True)
        try:
            yield session
            session.flush()
            audit.chain_pending(session)
            session.commit()
        except BaseException:
            session.rollback()
            audit.forget_pending(session)
            session.info.pop("after_commit", None)
            raise
        finally:
            _writing.reset(token)
    for action in session.info.pop("after_commit", []):
        action()


def in_unit_of_work():
    """True inside `unit_of_work()`."""
    return _writing.get()


def after_commit(action):
    """Call `action()` once the present unit of work is stored; not at all if it is not."""
    db.session.info.setdefault("after_commit", []).append(action)


def is_sqlite():
    """True when the app's database is SQLite."""
    return has_app_context() and db.engine.dialect.name == "sqlite"


def utc_stamp(moment: datetime):
    """Return an instant as the text SQLite stores for it (raw SQL on the hot path)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
