"""Forms of notices."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.fields import Form, Line, Lines


class BatchForm(Form):
    """An act on a whole batch."""

    source = HiddenField(validators=[InputRequired(), Length(max=40)])


class ReasonForm(Form):
    """An act that needs a reason."""

    reason = Lines(_l("Reason"), [DataRequired(_l("Say why: the units read it.")), Length(max=500)])


class SendBackForm(BatchForm, ReasonForm):
    """Approved notices become drafts again."""


class SignForm(Form):
    """A unit's signature."""

    read = BooleanField(
        _l("I have read it in full and sign for the unit"), validators=[DataRequired(_l("Tick that you have read it in full."))]
    )


class CheckForm(Form):
    """A check code typed from paper."""

    class Meta:
        csrf = False  # asks, changes nothing: sent by GET

    code = Line(_l("Check code"), [DataRequired(_l("Type the code as printed at the foot of the document.")), Length(max=60)])
