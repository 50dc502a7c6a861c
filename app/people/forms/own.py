"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.core.fields import Form, Line
from app.people import rules
from app.people.forms.checks import email_address, mobile_number


class SignInForm(Form):
    """Account or phone, and password. Both are taken as they come: what is wrong is never said of one of them (R42)."""

    name = StringField(
        _l("Account or mobile number"), [DataRequired(_l("Enter your account or mobile number.")), Length(max=254)]
    )
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password.")), Length(max=1000)])
    next = HiddenField()


class ConfirmForm(Form):
    """The present password, asked again before an act that needs it."""

    confirm_password = PasswordField(_l("Your password"), [DataRequired(_l("Enter your password.")), Length(max=1000)])


class NewPasswordForm(Form):
    """A new password, typed twice; the rules are checked by `service.own`."""

    new_password = PasswordField(_l("New password"), [DataRequired(_l("Enter a new password."))])
    again = PasswordField(_l("New password again"), [DataRequired(_l("Enter the new password again."))])
    next = HiddenField()


class ContactForm(Form):
    """One's own phone number and e-mail address."""

    phone = Line(
        _l("Mobile number"),
        [Optional(), Length(max=30), mobile_number],
        filters=[lambda text: rules.phone_digits(text) if text else None],
    )
    email = Line(_l("E-mail"), [Optional(), Length(max=254), email_address])
