"""Forms of courses and lessons."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.fields import Form, Line, Lines


class CourseForm(Form):
    """A course's head."""

    title = Line(_l("Title"), [InputRequired(_l("Give the course a title.")), Length(max=200)])
    summary = Lines(_l("Summary"), [Optional(), Length(max=1000)])


class LessonForm(Form):
    """One lesson: an article, or a file to read."""

    title = Line(_l("Title"), [InputRequired(_l("Give the lesson a title.")), Length(max=200)])
    body = Lines(
        _l("Article"),
        [Optional(), Length(max=50_000)],
        description=_l("Plain text; an empty line starts a paragraph, ## a heading, - a list."),
    )
    file = FileField(
        _l("File to read"), description=_l("PDF, docx, xlsx or pptx, at most 20 MB. With a file the article is its introduction.")
    )
    minutes = IntegerField(_l("Reading time (minutes)"), [InputRequired(), NumberRange(1, 600)], default=10)


class EnrolForm(Form):
    """Who is to learn the course: everybody of these units and below."""

    unit_ids = SelectMultipleField(_l("Units"), [InputRequired(_l("Choose at least one unit."))], coerce=int, widget=ListWidget(prefix_label=False),
                                   option_widget=CheckboxInput())  # fmt: skip
