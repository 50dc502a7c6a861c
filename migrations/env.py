"""Alembic's environment: the app's own engine and metadata, batch mode for SQLite, column types without app imports."""

import logging

from alembic import context
from flask import current_app

from app.core.db import Points, UTCDateTime

logging.getLogger("alembic").setLevel(logging.WARNING)
database = current_app.extensions["migrate"].db


def plain_types(kind, item, autogen_context):
    """Write our column types as what the database stores: migrations import nothing from app."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Points):
        return "sa.Integer()"
    return False


def run_migrations():
    """Run on the app's engine, in one transaction."""
    with database.engine.connect() as connection:
        arguments = dict(current_app.extensions["migrate"].configure_args)
        context.configure(connection=connection, target_metadata=database.metadata, render_item=plain_types, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run_migrations()
