"""A bank's own words."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from app.bank import rules
from app.core.fields import Form, Line, Lines, options


class BankForm(Form):
    """Name and description of a bank."""

    name = Line(
        _l("Name of the bank"),
        [InputRequired(_l("Give the bank a name.")), Length(max=rules.NAME_LONGEST, message=_l("At most 100 characters."))],
    )
    description = Lines(_l("What it is for"), [Length(max=2000, message=_l("At most 2,000 characters."))])
    seen = HiddenField()


class NewBankForm(BankForm):
    """A new bank, with the unit that it belongs to."""

    unit_id = SelectField(_l("Belongs to"), coerce=int)

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.unit_id.choices = options([(unit.id, unit.label) for unit in units])
