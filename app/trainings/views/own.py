"""A participant's page of a training: when, where, what to read, what to sit."""

from flask_login import current_user

from app.core import clock
from app.core.access import signed_in
from app.core.db import db
from app.core.pages import render_page
from app.trainings import rules
from app.trainings.models import Training
from app.trainings.queries import own as queries
from app.trainings.queries import trainings as reads
from app.trainings.views import bp


@bp.get("/my/trainings/<int:training_id>")
@signed_in
def show_own_training(training_id):
    """One training that I take part in."""
    training = db.first_or_404(reads.own_trainings(current_user).where(Training.id == training_id))
    return render_page(
        "trainings/show_own_training.html", training=training, now=clock.now(), days=queries.days(training),
        courses=queries.own_courses(current_user, training_id), tests=queries.own_tests(current_user, training_id),
        phase=rules.phase(training.starts_on, training.ends_on, clock.today(), training.state),
    )  # fmt: skip
