"""Forms of trainings: the head, an item of the agenda, people to add, what to link."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, TimeField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import clock
from app.core.fields import Form, Line, Lines, LocalDateTimeField, options
from app.exams.rules.sittings import MOST_LINES
from app.trainings import rules


class TrainingForm(Form):
    """A training's head. `unit_id` is dropped where there is only one unit to choose."""

    unit_id = SelectField(_l("Held by"), coerce=int)
    title = Line(_l("Name of the training"), [DataRequired(_l("Give the training a name.")), Length(max=200)])
    starts_on = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    ends_on = DateField(
        _l("Last day"), [InputRequired(_l("Choose the last day. It is the first one for a training of one day."))]
    )
    place = Line(_l("Place of the training"), [Length(max=200)])
    summary = Lines(_l("What it is about"), [Length(max=2000)])
    confirm_by_at = LocalDateTimeField(_l("Units confirm the roster by"), [Optional()])
    version = HiddenField()

    def validate_ends_on(self, field):
        if not field.data or not self.starts_on.data:
            return
        if field.data < self.starts_on.data:
            raise ValidationError(_("The last day lies before the first."))
        if (field.data - self.starts_on.data).days >= rules.LONGEST_DAYS:
            raise ValidationError(_("A training lasts at most %(most)s days. Check the years.", most=rules.LONGEST_DAYS))


class AgendaItemForm(Form):
    """One item of the agenda; `.starts_at` and `.ends_at` are aware times once it is valid."""

    title = Line(_l("Item of the agenda"), [DataRequired(_l("Say what happens.")), Length(max=200)])
    day = SelectField(_l("Day"))
    starts = TimeField(_l("Begins at"), [InputRequired(_l("Enter when it begins, such as 09:00."))])
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Enter when it ends, such as 10:30."))])
    speaker = Line(_l("Speaker"), [Length(max=100)])
    place = Line(_l("Room"), [Length(max=100)])

    def offer(self, training):
        """Offer the days of the training."""
        days = (training.ends_on - training.starts_on).days + 1
        dates = [training.starts_on + timedelta(days=offset) for offset in range(days)]
        self.day.choices = options([(day.isoformat(), clock.show_date(day)) for day in dates])

    def fill(self, item):
        """Show what an item holds now."""
        begins, ends = clock.local(item.starts_at), clock.local(item.ends_at)
        self.process(
            data={
                "title": item.title,
                "day": begins.date().isoformat(),
                "starts": begins.time(),
                "ends": ends.time(),
                "speaker": item.speaker,
                "place": item.place,
            }
        )

    def validate_ends(self, field):
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_("It must end after it begins."))

    def _moment(self, time):
        day = datetime.strptime(self.day.data, "%Y-%m-%d").date()
        return clock.from_local(datetime.combine(day, time))

    @property
    def starts_at(self):
        return self._moment(self.starts.data)

    @property
    def ends_at(self):
        return self._moment(self.ends.data)


class Ticks(SelectMultipleField):
    """Any number of choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AddUnitsForm(Form):
    """Everybody of some units, or everybody who holds some positions, or both."""

    unit_ids = Ticks(_l("Units to add"), coerce=int)
    positions = Ticks(_l("Positions"))

    def validate(self, extra_validators=None):
        if not super().validate(extra_validators):
            return False
        if not self.unit_ids.data and not self.positions.data:
            self.unit_ids.errors = [_("Choose units, positions, or both.")]
            return False
        return True


class AddNamesForm(Form):
    """A pasted list of people, one in a line."""

    names = Lines(
        _l("Names or accounts, one person in a line"), [DataRequired(_l("Paste or type at least one line.")), Length(max=100_000)]
    )

    def validate_names(self, field):
        if len((field.data or "").splitlines()) > MOST_LINES:
            raise ValidationError(_("At most %(most)s lines.", most=MOST_LINES))


class LinkCourseForm(Form):
    """A course for the training."""

    course_id = SelectField(_l("Course"), coerce=int)


class LinkSittingForm(Form):
    """A test for the training."""

    sitting_id = SelectField(_l("Test"), coerce=int)


class SeenForm(Form):
    """A liaison's word on the roster that was shown."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
