"""The audit chain: edits, deletions, swaps, insertions and cut tails are found; the database refuses them anyway."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.core import audit, protect
from app.core.db import db, unit_of_work


def write_entries(make, count=4):
    root = make.bureau()
    for n in range(count):
        with unit_of_work():
            audit.record("unit.touch", root, actor="worker", before=n, after=n + 1)


def tamper(*statements):
    """Do what an intruder with full rights would: drop the guards, then write."""
    dialect = db.engine.dialect.name
    with unit_of_work() as session:
        protect.drop_guards(lambda sql: session.execute(text(sql)), dialect)
        for statement in statements:
            session.execute(text(statement))
        protect.add_guards(
            lambda sql: session.connection().exec_driver_sql(sql.replace("%", "%%") if dialect != "sqlite" else sql), dialect
        )


def test_a_sound_chain_verifies(make):  # R73
    write_entries(make)
    assert audit.verify() == (4, None)


@pytest.mark.parametrize(
    "statements, seq",
    [
        (["UPDATE audit_entries SET actor = 'someone else' WHERE seq = 2"], 2),
        (["DELETE FROM audit_entries WHERE seq = 2"], 2),
        (["DELETE FROM audit_entries WHERE seq = 4"], 4),
        (["UPDATE audit_entries SET seq = 9 WHERE seq = 2", "UPDATE audit_entries SET seq = 2 WHERE seq = 3", "UPDATE audit_entries SET seq = 3 WHERE seq = 9"], 2),
    ],
    ids=["edited", "deleted", "tail cut", "swapped"],
)  # fmt: skip
def test_tampering_is_found_at_its_place(make, statements, seq):  # R73
    write_entries(make)
    tamper(*statements)
    _, broken = audit.verify()
    assert broken is not None
    assert broken.seq == seq


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses(make, statement):  # R73
    write_entries(make, 1)
    with pytest.raises(DatabaseError), unit_of_work() as session:
        session.execute(text(statement))


def test_an_act_that_fails_leaves_no_entry(make):  # R72
    root = make.bureau()
    with pytest.raises(ValueError, match="no"), unit_of_work():
        audit.record("unit.touch", root, actor="worker")
        raise ValueError("no")
    assert db.session.scalars(select(audit.AuditEntry)).all() == []
