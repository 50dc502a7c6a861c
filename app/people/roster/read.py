"""Reading: the bytes of an .xlsx, .xls or CSV file become a table of cells below recognised headings."""

import csv
import io
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from app.people.roster.cells import EMPTY, Cell, cell, undefused
from app.people.roster.child import run_limited
from app.people.roster.container import kind_of
from app.people.roster.problems import FileRefused
from app.people.roster.words import field_of

MOST_ROWS, MOST_COLUMNS = 20_000, 64
MOST_SHEETS = 10
HEADING_ROWS = 10  # a title and a hint may stand above the headings
ENOUGH = ({"name", "account"}, {"name", "phone"}, {"unit_code", "unit_name"})


@dataclass
class Table:
    """The rows below the headings: [(row number as the spreadsheet shows it, {field: Cell})], and headings that mean nothing here."""

    rows: list
    fields: list
    ignored: list = field(default_factory=list)


def read(filename, data, *, limited=True):
    """Return the Table of a roster file. Raises FileRefused. limited: read workbooks in a child process with limits."""
    if kind_of(filename, data) == "csv":
        rows = _csv_rows(data)
    else:
        found = run_limited(workbook_rows, data) if limited else workbook_rows(data)
        rows = [[Cell(*one) for one in row] for row in found]
    heading = _heading_row(rows)
    if heading is None:
        raise FileRefused("no_header" if rows else "empty")
    return _table(rows, heading)


def workbook_rows(data):
    """Return the rows of the first sheet with known headings, else of the first sheet, as lists of [text, kind, exact]."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [workbook.get_sheet_by_index(place) for place in range(min(len(workbook.sheet_names), MOST_SHEETS))]
        chosen = next(
            (sheet for sheet in sheets if _heading_row(_cells(sheet, HEADING_ROWS)) is not None), sheets[0] if sheets else None
        )
        if chosen is None:
            raise FileRefused("empty")
        if chosen.total_height > MOST_ROWS + HEADING_ROWS:
            raise FileRefused("too_many_rows", most=MOST_ROWS)
        if chosen.total_width > MOST_COLUMNS:
            raise FileRefused("too_many_columns", most=MOST_COLUMNS)
        return [[[one.text, one.kind, one.exact] for one in row] for row in _cells(chosen)]
    except PasswordError:
        raise FileRefused("encrypted") from None
    except (CalamineError, ValueError, OSError, KeyError, IndexError):
        raise FileRefused("damaged") from None


def _cells(sheet, nrows=None):
    return [[cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False, nrows=nrows)]


def _csv_rows(data):
    text = _decoded(data)
    first = text[:4096].split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    rows: list = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(values) > MOST_COLUMNS:
                raise FileRefused("too_many_columns", most=MOST_COLUMNS)
            if len(rows) > MOST_ROWS + HEADING_ROWS:
                raise FileRefused("too_many_rows", most=MOST_ROWS)
            rows.append([_csv_cell(value) for value in values])
    except csv.Error:
        raise FileRefused("damaged") from None
    return rows


def _csv_cell(value):
    """A cell of a CSV file; digits without a leading zero may have been a number when the file was saved."""
    found = cell(undefused(value))
    return Cell(found.text, "number") if found.text.isdecimal() and not found.text.startswith("0") else found


def _decoded(data):
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding")


def _heading_row(rows):
    """Return the index of the row that names the columns: the one with the most known headings, if they are enough."""
    known = [{found for one in row if (found := field_of(one.text))} for row in rows[:HEADING_ROWS]]
    best = max(range(len(known)), key=lambda place: len(known[place]), default=None)
    return best if best is not None and any(need <= known[best] for need in ENOUGH) else None


def _table(rows, heading):
    columns: dict = {}
    ignored = []
    for place, one in enumerate(rows[heading]):
        found = field_of(one.text)
        if found in columns:
            raise FileRefused("double_column", first=rows[heading][columns[found]].text, second=one.text)
        if found:
            columns[found] = place
        elif one.text:
            ignored.append(one.text[:40])
    below = []
    for number, row in enumerate(rows[heading + 1 :], heading + 2):
        if any(one.text for one in row):
            below.append((number, {name: row[place] if place < len(row) else EMPTY for name, place in columns.items()}))
    if not below:
        raise FileRefused("empty")
    if len(below) > MOST_ROWS:
        raise FileRefused("too_many_rows", most=MOST_ROWS)
    return Table(below, sorted(columns), ignored)
