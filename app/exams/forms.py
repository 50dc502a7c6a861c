"""Forms of planning a sitting: shape, range, and one field against another; what is allowed is decided in the service."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.fields import Form, Line, Lines, LocalDateTimeField, PointsField, options
from app.exams.rules import sittings as rules
from app.people.models import ROLE_LABELS

MOST_MINUTES = 600
MOST_ATTEMPTS = 10
RELEASE = {
    "handed_in": _l("right after handing in"),
    "closed": _l("after the test has closed"),
    "confirmed": _l("when the results are confirmed"),
    "never": _l("not at all"),
}


def release_field(label, names, default):
    """A choice of when takers see something."""
    return SelectField(label, choices=options([(name, RELEASE[name]) for name in names]), default=default)


def whole_number(label, least, most, default=None):
    """A field for a whole number between two bounds."""
    message = _l("Enter a whole number from %(min)s to %(max)s.")
    return IntegerField(label, [InputRequired(_l("Fill in this field.")), NumberRange(least, most, message)], default=default)


class OptionalMinutes(IntegerField):
    """Whole minutes; may stay empty."""

    def process_formdata(self, valuelist):
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0])
            except ValueError:
                raise ValueError(_("Enter whole minutes, or leave this empty.")) from None


def many_choices(label, coerce=int):
    """A group of checkboxes."""
    return SelectMultipleField(label, coerce=coerce, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class SittingForm(Form):
    """Everything about one sitting, on one page."""

    title = Line(
        _l("Name of the test"),
        [InputRequired(_l("Give the test a name.")), Length(max=200, message=_l("At most 200 characters."))],
    )
    unit_id = SelectField(_l("Held by"), coerce=int)
    paper_id = SelectField(_l("Paper"), coerce=int)
    opens_at = LocalDateTimeField(_l("Starts"), [InputRequired(_l("Say when the test starts."))])
    closes_at = LocalDateTimeField(_l("Ends"), [Optional()])
    minutes_allowed = whole_number(_l("Time allowed (minutes)"), 1, MOST_MINUTES, 60)
    entry_minutes = OptionalMinutes(_l("Latest entry (minutes after the start)"))
    earliest_hand_in_minutes = whole_number(_l("Earliest hand-in (minutes after beginning)"), 0, MOST_MINUTES, 0)
    venue = Line(_l("Place"), [Length(max=200, message=_l("At most 200 characters."))], filters=[lambda text: text or ""])
    pass_mark = PointsField(_l("Pass mark (points)"))
    attempts_allowed = whole_number(_l("Attempts allowed"), 1, MOST_ATTEMPTS, 1)
    shuffle_questions = BooleanField(_l("Questions in a different order for everyone"), default=True)
    shuffle_options = BooleanField(_l("Options in a different order for everyone"), default=True)
    release_score = release_field(_l("Takers see their score"), ("handed_in", "confirmed", "never"), "confirmed")
    release_answers = release_field(
        _l("Takers see their own answers with marks"), ("handed_in", "closed", "confirmed", "never"), "never"
    )
    release_key = release_field(_l("Takers see the key and explanations"), ("closed", "confirmed", "never"), "never")
    unit_ids = many_choices(_l("Units invited"))
    positions = many_choices(_l("Positions"), coerce=str)
    role = SelectField(_l("Role"))
    people = Lines(
        _l("People by name"), [Length(max=200_000, message=_l("The list is too long."))], filters=[lambda text: text or ""]
    )
    seen = HiddenField()

    def __init__(self, units, papers, positions, holders, **kwargs):
        """units: those that may be invited; papers: frozen ones; positions: [(name, how many)]; holders: units that may hold it."""
        super().__init__(**kwargs)
        self.papers = {paper.id: paper for paper in papers}
        self.unit_id.choices = options([(unit.id, unit.label) for unit in holders])
        self.paper_id.choices = options([(paper.id, paper.title) for paper in papers])
        self.unit_ids.choices = options([(unit.id, unit.label) for unit in units])
        self.positions.choices = options([(name, f"{name}（{count}）") for name, count in positions])
        self.role.choices = options(
            [("", _("any")), *((name, label) for name, label in ROLE_LABELS.items() if name != "trainee")]
        )

    @property
    def paper(self):
        return self.papers.get(self.paper_id.data)

    @property
    def closing(self):
        """Return the close: as typed, or the start and the time allowed where it was left empty."""
        if self.closes_at.data or not (self.opens_at.data and self.minutes_allowed.data):
            return self.closes_at.data
        return self.opens_at.data + timedelta(minutes=self.minutes_allowed.data)

    def values(self, people):
        """Return the sitting's fields, as the service takes them. people: the ids that the pasted list names."""
        names = ("title", "unit_id", "paper_id", "opens_at", "minutes_allowed", "earliest_hand_in_minutes", "venue", "attempts_allowed",
                 "shuffle_questions", "shuffle_options", "release_score", "release_answers", "release_key")  # fmt: skip
        closes_at = self.closing
        entry = self.entry_minutes.data
        audience = {
            "unit_ids": self.unit_ids.data or [],
            "positions": self.positions.data or [],
            "role": self.role.data or None,
            "people": people,
        }
        pass_mark = self.pass_mark.data
        return {name: self[name].data for name in names} | {
            "closes_at": closes_at,
            "latest_entry_at": closes_at if entry is None else min(closes_at, self.opens_at.data + timedelta(minutes=entry)),
            "pass_mark": rules.default_pass_mark(self.paper.total_points) if pass_mark is None else pass_mark,
            "audience": audience,
        }

    def fill(self, sitting, people_text):
        """Show a draft. people_text: the people listed by name, one a line."""
        for name in ("title", "unit_id", "paper_id", "opens_at", "closes_at", "minutes_allowed", "earliest_hand_in_minutes", "venue", "pass_mark",
                     "attempts_allowed", "shuffle_questions", "shuffle_options", "release_score", "release_answers", "release_key"):  # fmt: skip
            self[name].data = getattr(sitting, name)
        entry_ends_early = sitting.latest_entry_at < sitting.closes_at
        self.entry_minutes.data = rules.minutes_between(sitting.opens_at, sitting.latest_entry_at) if entry_ends_early else None
        audience = sitting.audience or {}
        self.unit_ids.data, self.positions.data = audience.get("unit_ids", []), audience.get("positions", [])
        self.role.data, self.people.data = audience.get("role") or "", people_text

    def shown(self):
        """Return [(label, value as text), …] to lay two versions side by side."""
        hidden = ("HiddenField", "CSRFTokenField")
        return [(field.label.text, _as_text(field)) for field in self if field.type not in hidden]

    def validate_closes_at(self, field):
        opens_at, closes_at = self.opens_at.data, self.closing
        if opens_at and closes_at:
            if closes_at <= opens_at:
                raise ValidationError(_("The test must end after it starts."))
            if closes_at - opens_at > rules.LONGEST_WINDOW:
                raise ValidationError(_("A test may stay open for a year at most."))

    def validate_entry_minutes(self, field):
        if field.data is None or not (self.opens_at.data and self.closing):
            return
        if field.data < 1:
            raise ValidationError(_("Enter at least 1 minute, or leave this empty: then people may enter until the end."))
        if self.opens_at.data + timedelta(minutes=field.data) > self.closing:
            raise ValidationError(_("The latest entry lies after the end. Enter fewer minutes, or leave this empty."))

    def validate_earliest_hand_in_minutes(self, field):
        if field.data and self.minutes_allowed.data and field.data > self.minutes_allowed.data:
            raise ValidationError(_("This is longer than the time allowed."))

    def validate_pass_mark(self, field):
        if field.data is None or self.paper is None:
            return
        if not 0 < field.data <= self.paper.total_points:
            total = f"{self.paper.total_points.normalize():f}"
            raise ValidationError(
                _("The pass mark must be more than 0 and at most %(total)s, the points of the paper.", total=total)
            )

    def validate_release_answers(self, field):
        if field.data not in RELEASE or self.release_score.data not in RELEASE:
            return  # said already
        if rules.is_sooner(field.data, self.release_score.data):
            raise ValidationError(_("Own answers with marks give the score away: they cannot be shown before the score."))
        if field.data == "handed_in" and (self.attempts_allowed.data or 1) > 1:
            raise ValidationError(_("With more than one attempt, answers with marks cannot be shown right after handing in."))


def _as_text(field):
    """Return a field's value in words."""
    if isinstance(field.data, bool):
        return _("yes") if field.data else _("no")
    if not getattr(field, "choices", None):
        return field._value()
    chosen = {str(value) for value in (field.data if isinstance(field.data, list) else [field.data])}
    return "、".join(str(option.label) for option in field.choices if str(option.value) in chosen)


class ReasonForm(Form):
    """An act that needs a reason."""

    reason = Line(_l("Reason"), [InputRequired(_l("Give the reason.")), Length(max=500, message=_l("At most 500 characters."))])


class CloseForm(ReasonForm):
    """A later end."""

    closes_at = LocalDateTimeField(_l("New end"), [InputRequired(_l("Say when the test ends now."))])


class PeopleForm(ReasonForm):
    """More candidates, one a line."""

    people = Lines(
        _l("Names or accounts, one a line"),
        [InputRequired(_l("Enter at least one person.")), Length(max=200_000, message=_l("The list is too long."))],
    )


class ExtensionForm(ReasonForm):
    """More minutes."""

    minutes = whole_number(_l("Minutes more"), 1, MOST_MINUTES)
