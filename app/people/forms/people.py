"""Forms of the administrators' screens."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.fields import Form, Line, Lines
from app.people import rules
from app.people.forms.checks import email_address, mobile_number
from app.people.models import ROLE_LABELS, UNIT_KIND_LABELS
from app.people.roster.words import CLEARED


class UnitForm(Form):
    """One unit. `parent_id` is dropped for the root."""

    code = Line(_l("Code"), [DataRequired(_l("Enter the unit's code.")), Length(max=40)])
    name = Line(_l("Unit name"), [DataRequired(_l("Enter the unit's name.")), Length(max=100)])
    short_name = Line(_l("Short name"), [Length(max=40)], filters=[lambda text: "" if text == CLEARED else text or ""])
    kind = SelectField(_l("Kind"), choices=[SelectChoice(kind.value, label) for kind, label in UNIT_KIND_LABELS.items()])
    parent_id = SelectField(_l("Unit above"), coerce=int)
    sort = IntegerField(_l("Place in lists"), [InputRequired(_l("Enter a whole number.")), NumberRange(0, 100_000)], default=0)
    is_active = BooleanField(_l("In use"), default=True)
    version = HiddenField()


class PersonForm(Form):
    """One person."""

    name = Line(_l("Name"), [DataRequired(_l("Enter the name.")), Length(max=50)])
    account = Line(
        _l("Account or staff number"), [DataRequired(_l("Enter an account.")), Length(max=50)], filters=[rules.sign_in_name]
    )
    phone = Line(
        _l("Mobile number"),
        [Optional(), Length(max=30), mobile_number],
        filters=[lambda text: rules.phone_digits(text) if text else None],
    )
    email = Line(_l("E-mail"), [Optional(), Length(max=254), email_address], filters=[lambda text: text or None])
    unit_id = SelectField(_l("Unit"), coerce=int)
    position = Line(_l("Position"), [Length(max=100)], filters=[lambda text: "" if text == CLEARED else text or ""])
    version = HiddenField()

    def validate_account(self, field):
        if not rules.is_account(field.data):
            raise ValidationError(_("An account has 2 to 50 letters, digits or . _ - @ and begins with a letter or digit."))
        if rules.is_mobile(field.data) and field.data != self.phone.data:
            raise ValidationError(_("An account that looks like a mobile number must be the person's own number."))


class ReasonForm(Form):
    """An act that must be given a reason."""

    reason = Lines(_l("Reason"), [DataRequired(_l("Enter the reason.")), Length(max=500)])


class GrantForm(ReasonForm):
    """A role for a unit and all below it."""

    role = SelectField(_l("Role"), choices=[SelectChoice(role, ROLE_LABELS[role]) for role in rules.ROLES])
    unit_id = SelectField(_l("For the unit and all below it"), coerce=int)
