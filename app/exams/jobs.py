"""Background work of the exams part: closing what is due, marking what waits, drawing attempts ahead of the start."""

from datetime import timedelta

from app.core import clock, jobs
from app.exams.service import attempts, closing


@jobs.periodic("exams.close_due", timedelta(seconds=5))
def close_due():
    """Close attempts whose time is over and mark what is not marked yet."""
    closing.close_due(now=clock.now())


@jobs.handler(attempts.PREPARE)
def prepare(run):
    """Draw the attempts of one sitting, in batches; safe to run twice."""
    attempts.prepare(run.payload["sitting_id"], progress=run.progress)
