"""Form fields and base forms that three parts need: Shanghai times, points, one-line text free of control characters."""

import unicodedata
from datetime import datetime
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.widgets import TextInput

from app.core import clock

HIDDEN_MARKS = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u200e",
    "\u200f",
    "\ufeff",
}


def clean(text, *, lines=False):
    """Return text as NFC without control characters and bidirectional overrides (R55); line breaks stay when `lines`."""
    if text is None:
        return None
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = (ch for ch in text if ch not in HIDDEN_MARKS and (unicodedata.category(ch) != "Cc" or (lines and ch in "\n\t")))
    return "".join(kept) if lines else " ".join("".join(kept).split(" ")).strip()


def options(pairs):
    """Return the options of a choice field from pairs of (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


class Line(StringField):
    """One line of text, cleaned and trimmed."""

    def process_formdata(self, valuelist):
        self.data = clean(valuelist[0].replace("\n", " ").replace("\t", " ")) if valuelist else None


class Lines(TextAreaField):
    """Several lines of text, cleaned."""

    def process_formdata(self, valuelist):
        self.data = clean(valuelist[0], lines=True).strip() if valuelist else None


class LocalDateTimeField(DateTimeLocalField):
    """Typed as Shanghai wall time; `.data` is an aware UTC instant."""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def _value(self):
        if self.raw_data:
            return " ".join(self.raw_data)
        return f"{clock.local(self.data):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, valuelist):
        super().process_formdata(valuelist)
        if isinstance(self.data, datetime):
            self.data = clock.from_local(self.data)


class PointsField(Field):
    """Points with at most two decimals, as an exact Decimal."""

    widget = TextInput()

    def _value(self):
        return self.raw_data[0] if self.raw_data else (f"{self.data.normalize():f}" if self.data is not None else "")

    def process_formdata(self, valuelist):
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            value = Decimal(unicodedata.normalize("NFKC", valuelist[0]).strip())
        except InvalidOperation:
            self.data = None
            raise ValidationError(_("Enter a number, such as 2 or 1.5.")) from None
        if not value.is_finite() or value != value.quantize(Decimal("0.01")) or abs(value) > 100_000:
            self.data = None
            raise ValidationError(_("Enter a number with at most two decimals."))
        self.data = value


class Form(FlaskForm):
    """Base of all forms: carries the token, and `deed`, the key that makes a double click harmless (R24)."""

    deed = HiddenField()


__all__ = ["Form", "Line", "Lines", "LocalDateTimeField", "PointsField", "clean"]
