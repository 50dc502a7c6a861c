"""The unit of work: together or not at all, never outside, callbacks only after the commit."""

import pytest
from sqlalchemy import func, select, text

from app.core import audit
from app.core.db import after_commit, db, unit_of_work
from app.people.models import Unit


def test_nothing_is_stored_when_the_work_fails(make):
    root = make.bureau()
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.get(Unit, root.id).name = "改名"
        audit.record("unit.rename", root)
        raise ZeroDivisionError
    assert db.session.get(Unit, root.id).name == "示例市教育局"
    assert db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) == 0


def test_a_write_outside_is_refused(make):
    unit = make.bureau()
    unit.name = "改名"
    with pytest.raises(RuntimeError):
        db.session.flush()
    db.session.rollback()


def test_callbacks_run_after_the_commit_and_never_after_a_failure(make):
    seen = []
    with unit_of_work():
        after_commit(lambda: seen.append("stored"))
        assert seen == []
    with pytest.raises(ZeroDivisionError), unit_of_work():
        after_commit(lambda: seen.append("lost"))
        raise ZeroDivisionError
    assert seen == ["stored"]


def test_sqlite_syncs_fully(app):  # R12
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA synchronous")).scalar() == 2
        else:
            assert db.session.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_connections_that_the_database_closed_are_not_used_again(app, client):  # R16
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as other:
                others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                other.execute(text(others))
        db.session.remove()
    assert client.get("/readyz").status_code == 200


def test_units_of_work_stay_transactions_where_reads_need_none(app):
    with app.test_request_context("/"), pytest.raises(ValueError, match="stop"):
        db.session.execute(text("SELECT 1"))
        with unit_of_work() as work:
            work.execute(text("INSERT INTO audit_heads (id, seq, seal) VALUES (7, 1, 'x')"))
            raise ValueError("stop")
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM audit_heads WHERE id = 7")) == 0
        db.session.remove()
