"""The refusals of trainings, with their words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class OutsideDays(Refusal):
    status = 422
    message = _l("The time must lie within the days of the training, %(first)s to %(last)s.")


class AgendaLeftOut(Refusal):
    """`details` name the items of the agenda that the new days would leave out."""

    status = 422
    message = _l("These items of the agenda lie outside the new days. Move them first:")


class NotOurPeople(Refusal):
    status = 422
    message = _l("Some of these people do not belong to the units of this training. Nobody was added.")


class RosterChanged(Refusal):
    message = _l("The roster has changed since you opened the page. Look at it again before you confirm it.")


class NobodyToConfirm(Refusal):
    message = _l("Nobody of this unit is on the roster, so there is nothing to confirm.")


class TrainingClosed(Refusal):
    message = _l("This training is closed. Open it again before you change it.")


class SittingTaken(Refusal):
    message = _l("This test belongs to another training already.")
