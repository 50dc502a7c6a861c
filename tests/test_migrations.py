"""Migrations, applied to an empty database, equal the models; they also go down again with rows present."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from app.core.db import db

VERSIONS = Path(__file__).resolve().parent.parent / "migrations/versions"


def test_migrations_equal_the_models(context):  # R78
    with db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)
    assert found == []


def test_migrations_import_nothing_from_the_app():
    for path in VERSIONS.glob("*.py"):
        assert not re.search(r"^\s*(from|import) app\b", path.read_text(), re.MULTILINE), path.name


def test_the_newest_migration_goes_down_and_up_with_rows_present(make):  # R78
    make.person(unit=make.bureau())
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="-1")
    upgrade()
    db.session.remove()
