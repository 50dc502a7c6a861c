"""The refusals of courses."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class NothingToPublish(Refusal):
    message = _l("A course without lessons cannot be published. Add a lesson first.")


class NotADraft(Refusal):
    message = _l("Only a draft can be published.")
