"""Background work of this part: checking the audit chain; reading, applying rosters and issuing their passwords."""

from app.core import audit
from app.core.jobs import handler

VERIFY = "people.verify_audit"


@handler(VERIFY)
def verify_audit(run):
    """Read the whole chain; the job's result says how many entries and where it breaks first."""
    count, broken = audit.verify()
    run.result = {"count": count, "broken": broken.seq if broken else None, "why": broken.why if broken else None}
