"""Background work of this part: checking the audit chain; reading and applying rosters, issuing their passwords."""

from datetime import timedelta

from app.core import audit, clock
from app.core.jobs import handler, periodic
from app.people.service import rosters

VERIFY = "people.verify_audit"


@handler(VERIFY)
def verify_audit(run):
    """Read the whole chain; the job's result says how many entries and where it breaks first."""
    count, broken = audit.verify()
    run.result = {"count": count, "broken": broken.seq if broken else None, "why": broken.why if broken else None}


@handler(rosters.READ)
def read_roster(run):
    """Read and plan an uploaded roster."""
    rosters.read_import(run.payload["import"], run.progress)


@handler(rosters.APPLY)
def apply_roster(run):
    """Carry out a roster's plan."""
    rosters.apply_import(run.payload["import"], run.progress)


@handler(rosters.ISSUE)
def issue_roster_passwords(run):
    """Issue one-time passwords for the people a roster added."""
    rosters.issue_passwords(run.payload["import"], run.progress)


@periodic("people.forget_rosters", timedelta(hours=1))
def forget_rosters():
    """Delete what rosters left behind when its time is over (R74)."""
    rosters.forget_old(clock.now())
