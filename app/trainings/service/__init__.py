"""What people do with trainings: plan them, fill the agenda and the roster, tie courses and tests to them, confirm the roster."""

from flask_babel import lazy_gettext as _l

from app.core import audit
from app.people import labels
from app.trainings.service.linking import link_course, link_sitting, unlink_course, unlink_sitting
from app.trainings.service.planning import (
    add_agenda_item,
    change_agenda_item,
    change_training,
    close_training,
    create_training,
    remove_agenda_item,
    reopen_training,
)
from app.trainings.service.roster import add_people, confirm_roster, remove_people

__all__ = [
    "add_agenda_item", "add_people", "change_agenda_item", "change_training", "close_training", "confirm_roster", "create_training", "link_course",
    "link_sitting", "remove_agenda_item", "remove_people", "reopen_training", "unlink_course", "unlink_sitting",
]  # fmt: skip

audit.ACTIONS.update(
    {
        "training.create": _l("Training planned"),
        "training.change": _l("Training changed"),
        "training.close": _l("Training closed"),
        "training.reopen": _l("Training opened again"),
        "training.agenda": _l("Agenda changed"),
        "training.course": _l("Course of a training changed"),
        "training.sitting": _l("Test of a training changed"),
        "training.add_people": _l("People put on a roster"),
        "training.remove_people": _l("People taken off a roster"),
        "training.confirm_roster": _l("Roster confirmed"),
        "training.unconfirm_roster": _l("Roster to be confirmed again"),
    }
)

labels.FIELDS.update({
    "added": _l("added"), "confirm_by_at": _l("to be confirmed by"), "ends_on": _l("last day"), "people": _l("people"), "place": _l("place of the training"),
    "removed": _l("taken out"), "starts_at": _l("begins"), "starts_on": _l("first day"), "summary": _l("what it is about"), "title": _l("title"),
})  # fmt: skip
