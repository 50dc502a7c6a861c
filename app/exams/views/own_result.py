"""A taker's own result. To anybody else it is not there (404)."""

from flask import abort, redirect, url_for
from flask_login import current_user

from app.core import clock
from app.core.access import signed_in
from app.core.pages import render_page
from app.exams import errors
from app.exams.queries import receipts, review
from app.exams.views import bp


@bp.get("/results/<int:attempt_id>")
@signed_in
def show_result(attempt_id):
    """Score, answers, key: each as far as it is released."""
    now = clock.now()
    attempt = receipts.own_attempt(attempt_id, current_user.id) or abort(404)
    if attempt.sitting.state == "cancelled":
        raise errors.SittingCancelled
    if attempt.state == "ready" or receipts.is_running(attempt, now):
        return redirect(url_for(".show_sitting", sitting_id=attempt.sitting_id))
    return render_page("exams/show_result.html", sitting=attempt.sitting, person=current_user, **review.result(attempt, now))
