"""How the machine is: room on the disk, background work that waits or was given up."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.core import audit, clock, jobs, operations
from app.core.access import requires
from app.core.audit import record
from app.core.db import db, unit_of_work
from app.core.jobs import Job
from app.core.pages import after_post, paged, render_page
from app.reports.queries import todo
from app.reports.views import bp

audit.ACTIONS["job.retry"] = _l("Background work run again")

SILENCE_SECONDS = 300  # a worker that has not begun anything periodic for so long is taken for stopped


@bp.get("/admin/system")
@requires("job.read")
def show_system():
    """Disk, worker, and the work that was given up."""
    page = paged(select(Job).where(todo.given_up()).order_by(Job.finished_at.desc(), Job.id.desc()))
    states = dict(db.session.execute(select(Job.state, func.count()).where(Job.state != "done").group_by(Job.state)).all())
    next_run = db.session.scalar(select(func.max(jobs.Schedule.next_run_at)))
    idle = next_run is None or (clock.now() - next_run).total_seconds() > SILENCE_SECONDS
    return render_page(
        "reports/show_system.html",
        page=page,
        states=states,
        idle=idle,
        free=operations.free_bytes(),
        low=operations.LOW_DISK_BYTES,
    )


@bp.post("/admin/system/jobs/<int:job_id>/retry")
@requires("job.read")
def retry_job(job_id):
    """Run given-up work again."""
    job = db.first_or_404(select(Job).where(Job.id == job_id))
    with unit_of_work():
        job = db.session.get(Job, job_id, with_for_update=True)
        if job.state == "dead":
            jobs.retry(job)
            record("job.retry", job, kind=job.kind)
    flash(_("It is being run again."), "ok")
    return after_post(url_for(".show_system", _anchor="jobs"))
