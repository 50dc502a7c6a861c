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
