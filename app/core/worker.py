"""The worker process: claims jobs one after another, runs periodic work, ends when its parent does."""

import os
import signal
import time

import structlog

from app.core import jobs
from app.core.db import db

log = structlog.get_logger()


def main(app):
    """Run until told to stop (SIGTERM, SIGINT) or until the parent process is gone."""
    stopping = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.append(True))
    parent, owner = os.getppid(), jobs.worker_name()
    poll = app.extensions["settings"].worker_poll_seconds
    log.info("worker started", owner=owner)
    while not stopping and os.getppid() == parent:
        if not _step(app, owner):
            time.sleep(poll)
    log.info("worker stopped", owner=owner)


def _step(app, owner):
    with app.app_context():
        try:
            jobs.run_periodic()
            return jobs.any_due() and jobs.run_one(owner)
        except Exception:
            db.session.rollback()
            log.exception("worker step failed")
            return False
