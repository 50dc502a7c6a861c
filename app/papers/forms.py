"""Forms of papers and their sections: shape and range; what is allowed is decided in the service."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from app.bank import kinds
from app.bank.kinds import rules as scoring
from app.core.fields import Form, Line, Lines, PointsField, options
from app.papers import rules

FIXED_POINTS = "fixed"  # the choice that stands for per_option:<points>
MOST_POINTS = 100
SOURCES = [("drawn", _l("Drawn at random")), ("fixed", _l("Chosen by hand"))]


def many_choices(label):
    """A group of checkboxes whose values are whole numbers."""
    return SelectMultipleField(label, coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class CountField(IntegerField):
    """A number of questions; may stay empty."""

    def process_formdata(self, valuelist):
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0])
            except ValueError:
                raise ValueError(_("Enter a whole number from 0 to %(max)s.", max=rules.MOST_QUESTIONS)) from None

    def pre_validate(self, form):
        if self.data is not None and not 0 <= self.data <= rules.MOST_QUESTIONS:
            raise StopValidation(_("Enter a whole number from 0 to %(max)s.", max=rules.MOST_QUESTIONS))


def rule_choices():
    """Return the options (stored name, words) of the multiple-choice rules; the last one takes its points from a field of its own."""
    fixed = _l("a set number of points for each right option, nothing if one is wrong")
    return options([*((name, scoring.rule_label(name)[0]) for name in scoring.NAMES), (FIXED_POINTS, fixed)])


class PaperForm(Form):
    """A paper's own words."""

    title = Line(
        _l("Title"), [InputRequired(_l("Give the paper a title.")), Length(max=200, message=_l("At most 200 characters."))]
    )
    instructions = Lines(
        _l("Instructions"), [Length(max=5000, message=_l("At most 5,000 characters."))], filters=[lambda text: text or ""]
    )
    seen = HiddenField()


class NewPaperForm(PaperForm):
    """A new paper: empty, or with sections proposed from banks. Each kind has a `count_…` and a `points_…` field, added below."""

    unit_id = SelectField(_l("Belongs to"), coerce=int)
    bank_ids = many_choices(_l("Question banks to draw from"))
    rule = SelectField(_l("When only some right options are chosen"))

    def __init__(self, units, banks, **kwargs):
        super().__init__(**kwargs)
        self.unit_id.choices = options([(unit.id, unit.label) for unit in units])
        self.bank_ids.choices = options([(bank.id, bank.name) for bank in banks])
        self.rule.choices = rule_choices()[:-1]

    def plan(self):
        """Return [(kind, count, points each), …] of the kinds that are wanted."""
        rows = [(kind, self[f"count_{kind}"].data, self[f"points_{kind}"].data) for kind in kinds.NAMES]
        return [row for row in rows if row[1]]

    @property
    def sums(self):
        """Return (questions, points) of the plan as it stands."""
        return rules.total((count, points or 0) for _kind, count, points in self.plan())

    def propose(self, supply):
        """Fill in counts and points that make about 100 points of {kind: available}."""
        for kind, (count, points) in rules.proposal(supply).items():
            self[f"count_{kind}"].data, self[f"points_{kind}"].data = count, points

    def validate(self, extra_validators=None):
        """Banks without numbers, or numbers without a bank, are half a wish: say which half is missing."""
        good = super().validate(extra_validators)
        if bool(self.bank_ids.data) == bool(self.plan()):
            return good
        wish = _("Say how many questions of at least one kind are wanted, or choose no bank.")
        self.bank_ids.errors = [wish if self.bank_ids.data else _("Choose the question banks to draw from.")]
        return False


def _needs_points(form, field):
    count = form[field.short_name.replace("points_", "count_")].data
    if count and not (field.data and 0 < field.data <= MOST_POINTS):
        raise ValidationError(_("Points per question must be more than 0 and at most %(most)s.", most=MOST_POINTS))


for _kind in kinds.NAMES:  # so that a new kind needs no change here
    setattr(NewPaperForm, f"count_{_kind}", CountField(_l("Questions")))
    setattr(NewPaperForm, f"points_{_kind}", PointsField(_l("Points each"), [_needs_points]))


class SectionForm(Form):
    """The settings of one section."""

    kind = SelectField(_l("Kind of question"))
    title = Line(_l("Title of the section"), [Length(max=100, message=_l("At most 100 characters."))])
    points_each = PointsField(_l("Points per question"))
    rule = SelectField(_l("When only some right options are chosen"))
    each = PointsField(_l("Points for each right option"))
    source = RadioField(
        _l("Where the questions come from"),
        choices=options([("drawn", _l("Drawn at random")), ("fixed", _l("Chosen by hand"))]),
        default="drawn",
    )
    bank_ids = many_choices(_l("Question banks"))
    topic_ids = many_choices(_l("Topics"))
    count = CountField(_l("How many questions"))
    level_1 = CountField(_l("Easy"))
    level_2 = CountField(_l("Medium"))
    level_3 = CountField(_l("Hard"))
    seen = HiddenField()

    def __init__(self, banks, topics, **kwargs):
        super().__init__(**kwargs)
        self.kind.choices = options([(name, kinds.get(name).label) for name in kinds.NAMES])
        self.rule.choices = rule_choices()
        self.bank_ids.choices = options([(bank.id, bank.name) for bank in banks])
        self.topics = topics
        self.topic_ids.choices = options([(topic.id, topic.name) for topic in topics])

    @property
    def levels(self):
        """Return the difficulty numbers {"1": n, …}, or None when any difficulty will do."""
        numbers = {str(level): self[f"level_{level}"].data or 0 for level in rules.LEVELS}
        return numbers if any(numbers.values()) else None

    @property
    def draw(self):
        """Return the draw as it is stored; topics of banks that are not chosen are left out."""
        offered = {option.value for option in self.bank_ids.choices}
        bank_ids = sorted(set(self.bank_ids.data or ()) & offered)
        topic_ids = sorted(
            topic.id for topic in self.topics if topic.bank_id in bank_ids and topic.id in (self.topic_ids.data or ())
        )
        count = self.count.data or sum((self.levels or {}).values())
        return {"bank_ids": bank_ids, "topic_ids": topic_ids, "difficulty": self.levels, "count": count}

    @property
    def chosen_rule(self):
        """Return the scoring rule as it is stored: "per_option:0.5" for a set number of points."""
        if self.rule.data == FIXED_POINTS:
            return f"per_option:{rules.plain(self.each.data)}" if self.each.data and self.each.data > 0 else "per_option"
        return self.rule.data or scoring.DEFAULT

    def settings(self):
        """Return the section's settings, as the service takes them."""
        kind, drawn = self.kind.data, self.source.data == "drawn"
        rule = self.chosen_rule if kind == "multiple_choice" else scoring.DEFAULT
        return {
            "kind": kind, "title": self.title.data or rules.SECTION_TITLES[kind], "points_each": self.points_each.data,
            "rule": rule, "drawn": drawn, "draw": self.draw if drawn else None,
        }  # fmt: skip

    def fill(self, section):
        """Show a section's settings."""
        self.kind.data, self.title.data, self.points_each.data = section.kind, section.title, section.points_each
        name, _, each = section.rule.partition(":")
        self.rule.data, self.each.data = (FIXED_POINTS, rules.Decimal(each)) if each else (name, None)
        self.source.data = "drawn" if section.drawn else "fixed"
        draw = section.draw or {"bank_ids": [], "topic_ids": [], "count": None}
        self.bank_ids.data, self.topic_ids.data, self.count.data = draw["bank_ids"], draw["topic_ids"], draw["count"]
        for level, number in rules.needs(draw).items():
            self[f"level_{level}"].data = number

    def shown(self):
        """Return [(label, value as text), …] of the settings, to lay two versions side by side."""
        fields = [self.kind, self.title, self.points_each, self.rule, self.source, self.bank_ids, self.topic_ids, self.count]
        return [(field.label.text, _as_text(field)) for field in (*fields, self.level_1, self.level_2, self.level_3)]

    def validate_points_each(self, field):
        if not (field.data and 0 < field.data <= MOST_POINTS):
            raise ValidationError(_("Points per question must be more than 0 and at most %(most)s.", most=MOST_POINTS))

    def validate_each(self, field):
        if self.kind.data == "multiple_choice" and self.rule.data == FIXED_POINTS:
            if not field.data or field.data <= 0:
                raise ValidationError(_("Say how many points each right option gives."))
            if self.points_each.data and field.data > self.points_each.data:
                raise ValidationError(_("One option cannot give more than the whole question."))

    def validate_bank_ids(self, field):
        if self.source.data == "drawn" and not field.data:
            raise ValidationError(_("Choose the question banks to draw from."))

    def validate_count(self, field):
        if self.source.data != "drawn":
            return
        by_level = sum((self.levels or {}).values())
        if not field.data and not by_level:
            raise ValidationError(_("Say how many questions to draw."))
        if field.data and by_level and field.data != by_level:
            words = {"count": field.data, "sum": by_level}
            raise ValidationError(
                _("The numbers by difficulty make %(sum)s, not %(count)s. Make them agree, or leave one of them empty.", **words)
            )


def _as_text(field):
    """Return a field's value in words: the labels of what was chosen, or what was typed."""
    if not getattr(field, "choices", None):
        return "" if field.data is None else str(field.data)
    chosen = {str(value) for value in (field.data if isinstance(field.data, list) else [field.data])}
    return "、".join(str(option.label) for option in field.choices if str(option.value) in chosen)


class FreezeForm(Form):
    """Says that the person looked at what is now to be frozen."""

    seen = HiddenField()
