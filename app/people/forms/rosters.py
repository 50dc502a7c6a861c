"""Forms of rosters."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, ValidationError
from wtforms.validators import Length

from app.core.fields import Form, Lines


class RosterForm(Form):
    """A roster to upload."""

    file = FileField(_l("Roster file"), [FileRequired(_l("Choose a file."))])
    deactivate_missing = BooleanField(_l("Close the accounts of people of the listed units who are not in the file"))


class ExportForm(Form):
    """How much an export shows; whole numbers need a reason (R68)."""

    whole_phones = BooleanField(_l("Whole mobile numbers"))
    reason = Lines(_l("Reason"), [Length(max=500)])

    def validate_reason(self, field):
        if self.whole_phones.data and not field.data:
            raise ValidationError(_l("Say what the whole numbers are needed for."))
