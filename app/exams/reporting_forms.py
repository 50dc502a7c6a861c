"""Forms of the results pages: confirming, and what a person decides about the notices."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.core import clock
from app.core.fields import Form, Line, LocalDateTimeField


class ConfirmForm(Form):
    """A named person takes responsibility for the results."""

    checked = BooleanField(
        _l("I have looked through the results and confirm them in my name"),
        validators=[DataRequired(_l("Tick that you have looked through the results."))],
    )


class NoticesForm(Form):
    """What the notices say beside the figures."""

    training = Line(
        _l("Training"),
        [Optional(), Length(max=100)],
        description=_l("Named at the head of each notice; leave it empty for a test without a training."),
    )
    audience = Line(_l("Who was to take part"), [InputRequired(), Length(max=100)])
    place = Line(_l("Place or platform"), [InputRequired(), Length(max=100)])
    sign_by_at = LocalDateTimeField(_l("Units sign by"), [InputRequired(_l("Say until when the units sign."))])
    resit_on = DateField(_l("Resit on"), [Optional()], description=_l("Left empty, the notices say nothing of a resit."))
    reply_due = DateField(_l("Units reply by"), [Optional()], description=_l("Left empty, the notices ask for no reply."))
    copies_to = Line(_l("Copies to"), [Optional(), Length(max=200)])

    def validate_sign_by_at(self, field):
        if field.data and field.data <= clock.now():
            raise ValidationError(_("The time to sign must be in the future."))

    def validate_resit_on(self, field):
        if field.data and field.data <= clock.today():
            raise ValidationError(_("The resit must be after today."))

    def validate_reply_due(self, field):
        if field.data and field.data < clock.today():
            raise ValidationError(_("The day for the reply is over."))
