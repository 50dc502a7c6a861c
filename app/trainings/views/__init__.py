"""Pages of trainings: the organiser's, a unit's, a participant's."""

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core.db import db
from app.core.shell import add_navigation
from app.trainings.queries import trainings as reads
from app.trainings.queries import waiting

bp = Blueprint("trainings", __name__)


@add_navigation
def entries(person):
    """The trainings' places in the side navigation."""
    found = []
    if person.may("training.read"):
        found.append(("learn", 10, _l("Trainings"), "trainings.list_trainings", "graduation-cap", None))
    if person.may("training.confirm"):
        found.append(
            ("learn", 12, _l("Trainings of our people"), "trainings.list_unit_trainings", "graduation-cap", waiting.rosters)
        )
    return found


def get_training(training_id, permission="training.read"):
    """Return a training for which the person holds the permission; 403 when they may only look at it, 404 when not even that."""
    training = db.first_or_404(reads.training(current_user, training_id))
    if not current_user.may_in(permission, training.unit):
        abort(403)
    return training


from app.trainings.views import agenda, linking, own, roster, trainings, unit  # noqa: E402, F401 - they hang their routes on bp
