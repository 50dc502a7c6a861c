"""Which attempt of a candidate counts: the best score, the earliest of equal ones; and how an attempt stands at a moment."""

from sqlalchemy import case, func, select

from app.exams import times
from app.exams.models import Attempt


def effective_state(now):
    """Return the SQL of an attempt's state as every reader sees it at `now`: due ones count as handed in (R8)."""
    over = (Attempt.state == "in_progress") & (Attempt.due_at <= now - times.grace())
    return case((over, "handed_in"), else_=Attempt.state)


def best_attempts(sitting_id):
    """Return a select of (candidate_id, attempt_id, score) with one row per candidate who handed in: the attempt that counts.

    An unmarked attempt has no score and comes last.
    """
    place = func.row_number().over(
        partition_by=Attempt.candidate_id,
        order_by=(case((Attempt.score.is_(None), 1), else_=0), Attempt.score.desc(), Attempt.submitted_at, Attempt.id),
    )
    ranked = (
        select(Attempt.candidate_id, Attempt.id.label("attempt_id"), Attempt.score, place.label("place"))
        .where(Attempt.sitting_id == sitting_id, Attempt.state == "handed_in")
        .subquery()
    )
    return select(ranked.c.candidate_id, ranked.c.attempt_id, ranked.c.score).where(ranked.c.place == 1)
