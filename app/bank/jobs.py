"""Background work of this part: tables that wait for their columns do not wait for ever."""

from datetime import timedelta

from app.bank.service import imports
from app.core import clock
from app.core.db import unit_of_work
from app.core.jobs import periodic


@periodic("bank.forget_tables", timedelta(hours=1))
def forget_tables():
    """Delete uploaded tables whose columns were never named."""
    with unit_of_work():
        paths = imports.forget_tables(clock.now())
    for path in paths:
        path.unlink(missing_ok=True)
