"""Results as .xlsx: one sheet of people, one of units, one with every answer of every person. Numbers as numbers, text as text (R67)."""

import io
import json

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import select

from app.bank import kinds
from app.core import clock
from app.core.db import db
from app.exams.models import Attempt, Response
from app.exams.queries import results as queries
from app.exams.queries.versions import load_bodies, section_of
from app.exams.rules import results as rules
from app.exams.rules.paper_order import option_seed

MOST_ROWS = 20_000  # R68


def outcome_label(outcome):
    """Return an outcome in the reader's words."""
    return {
        rules.PASSED: _("Passed"), rules.FAILED: _("Failed"), rules.ABSENT: _("Absent"), rules.ON_LEAVE: _("On leave"), rules.WAITING: _("Not yet taken"),
    }[outcome]  # fmt: skip


class Sheet:
    """A worksheet that writes text as text, whatever it begins with, and numbers as numbers."""

    def __init__(self, book, name, headers, widths=()):
        self.sheet, self.row = book.add_worksheet(name), 0
        bold = book.add_format({"bold": True, "bg_color": "#EFEDE8"})
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(1, 0)
        self.add(headers, bold)

    def add(self, values, style=None):
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, style)
            else:
                self.sheet.write_number(self.row, column, float(value), style)
        self.row += 1


def results_book(sitting, *, is_over, exporter, now):
    """Return the bytes of the .xlsx. A line in it says who exported when (R68)."""
    found = queries.rows(sitting, is_over=is_over)[:MOST_ROWS]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": sitting.title, "author": exporter.name})
        _people(book, sitting, found)
        _units(book, found)
        _answers(book, sitting, found)
        about = Sheet(book, _("About"), [_("Test"), _("Exported by"), _("At")], (40, 16, 22))
        about.add([sitting.title, exporter.name, clock.machine_time(now)])
    return buffer.getvalue()


def _people(book, sitting, found):
    headers = [
        _("Unit"),
        _("Name"),
        _("Account"),
        _("Position"),
        _("Outcome"),
        _("Score"),
        _("Full marks"),
        _("Pass mark"),
        _("Started"),
        _("Handed in at"),
    ]
    sheet = Sheet(book, _("People"), headers, (24, 12, 14, 18, 10, 8, 8, 8, 20, 20))
    for row in found:
        sheet.add([row.group, row.name, row.account, row.position, outcome_label(row.outcome), row.score, sitting.paper.total_points, sitting.pass_mark,
                   clock.machine_time(row.started_at), clock.machine_time(row.submitted_at)])  # fmt: skip


def _units(book, found):
    headers = [
        _("Unit"),
        _("Due"),
        _("Took part"),
        _("Absent"),
        _("On leave"),
        _("Passed"),
        _("Pass rate %"),
        _("Mean"),
        _("Highest"),
        _("Lowest"),
    ]
    sheet = Sheet(book, _("Unit figures"), headers, (24,))
    for name, figures in by_unit(found):
        sheet.add([name, figures.due, figures.took, figures.absent, figures.on_leave, figures.passed, figures.rate, rules.tenth(figures.mean),
                   figures.highest, figures.lowest])  # fmt: skip


def by_unit(found):
    """Return [(unit name, Summary)] in the units' order."""
    groups = {}
    for row in found:
        groups.setdefault((row.group_id, row.group), []).append((row.outcome, row.score))
    return [(name, rules.summary(pairs)) for (_, name), pairs in groups.items()]


def _answers(book, sitting, found):
    headers = [
        _("Unit"),
        _("Name"),
        _("Account"),
        _("Question number"),
        _("Section"),
        _("Stem"),
        _("Answer"),
        _("Key"),
        _("Points"),
        _("Full marks"),
    ]
    sheet = Sheet(book, _("Answers"), headers, (20, 10, 12, 8, 16, 60, 24, 24, 8, 8))
    attempts = _attempts([row.attempt_id for row in found if row.attempt_id])
    marks = queries.newest_marks(list(attempts))
    bodies = load_bodies({version_id for attempt in attempts.values() for version_id, _ in attempt.items})
    responses = _responses(list(attempts))
    for row in found:
        attempt = attempts.get(row.attempt_id)
        if attempt is None:
            continue
        for position, (version_id, section_id) in enumerate(attempt.items, 1):
            kind, body = bodies[version_id]
            own = responses.get((attempt.id, position), [])
            mark = marks[attempt.id][position - 1] if attempt.id in marks else [None]
            section = section_of(section_id)
            sheet.add([row.group, row.name, row.account, position, section.title, body["stem"], _shown(kind, body, _authored(kind, body, option_seed(attempt.seed, version_id), sitting, own)),
                       _shown(kind, body, body["key"]), None if mark[0] is None else float(mark[0]), section.points])  # fmt: skip


def _attempts(ids):
    found = {}
    for start in range(0, len(ids), 500):
        found |= {
            attempt.id: attempt for attempt in db.session.scalars(select(Attempt).where(Attempt.id.in_(ids[start : start + 500])))
        }
    return found


def _responses(ids):
    found = {}
    for start in range(0, len(ids), 500):
        query = select(Response.attempt_id, Response.position, Response.answer).where(
            Response.attempt_id.in_(ids[start : start + 500])
        )
        found |= {(attempt_id, position): json.loads(answer) for attempt_id, position, answer in db.session.execute(query)}
    return found


def _authored(kind, body, seed, sitting, own):
    """Return an answer in the letters of the question as it was written, so that everybody's answers compare."""
    try:
        return kinds.get(kind).normalised(body, own, seed, sitting.shuffle_options) if own else []
    except kinds.BadResponse:
        return own


def _shown(kind, body, values):
    if kind == "true_false":
        return "".join({"true": _("True"), "false": _("False")}.get(value, value) for value in values)
    if kind == "fill_blank":
        return "；".join("|".join(value) if isinstance(value, list) else value for value in values)
    return "".join(values)
