"""Validators that several forms of this part share."""

from flask_babel import gettext as _
from wtforms import ValidationError

from app.people import rules


def mobile_number(form, field):
    """A mobile number has 11 digits and begins with 1 (R55)."""
    digits = rules.phone_digits(field.data)
    if rules.is_mobile(digits):
        return
    if digits.isdecimal() and len(digits) != 11:
        raise ValidationError(_("A mobile number has 11 digits; this one has %(count)s.", count=len(digits)))
    raise ValidationError(_("A mobile number has 11 digits and begins with 1."))


def email_address(form, field):
    """Something that a mail server may know."""
    if not rules.is_email(field.data):
        raise ValidationError(_("Enter an e-mail address such as name@example.org."))
