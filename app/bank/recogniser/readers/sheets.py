"""Worksheets as rows of text: .xlsx and .xls by calamine, .csv by the standard library."""

import csv
import datetime
import re
from dataclasses import dataclass
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from app.bank.recogniser.readers import content
from app.bank.recogniser.readers.archives import Package
from app.bank.recogniser.readers.encodings import decode
from app.bank.recogniser.readers.refusals import SourceRefused
from app.bank.recogniser.readers.xml import DECLARES

MOST_ROWS, MOST_COLUMNS = 20_000, 64
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass
class Sheet:
    """A worksheet: `rows` of text cells, row 1 first even where the sheet begins lower."""

    name: str
    rows: list


def read_sheets(filename, data):
    """Return the Sheets of a workbook or a .csv file. Raises SourceRefused."""
    kind = content.kind_of(filename, data)
    if kind == content.TEXT:
        text, _ = decode(data)
        rows = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text, newline=""))]
        _check_size(len(rows), max(map(len, rows), default=0))
        return [Sheet("", rows)]
    if kind == content.EXCEL:
        _check_package(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        return [Sheet(name, _rows(workbook, name)) for name in workbook.sheet_names]
    except PasswordError as error:
        raise SourceRefused("encrypted") from error
    except (CalamineError, ValueError, OSError) as error:
        raise SourceRefused("damaged") from error


def _check_package(data):
    """Unpack every part once, counting, and look how far the cells reach: one cell far away would fill the memory."""
    package = Package(data)
    for name in package.parts:
        part = package.read(name)
        if name.endswith((".xml", ".rels")) and DECLARES.search(part):
            raise SourceRefused("xml_unsafe")
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            rows = columns = 0
            for letters, digits in PLACE.findall(part):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            _check_size(rows, columns)


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_size(rows, columns):
    if rows > MOST_ROWS or columns > MOST_COLUMNS * 8:
        raise SourceRefused("too_many_rows", limit=MOST_ROWS, columns=MOST_COLUMNS)


def _rows(workbook, name):
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return []
    _check_size(sheet.end[0] + 1, sheet.end[1] + 1)
    rows = sheet.to_python(skip_empty_area=False)
    return [[as_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]


def as_text(cell):
    """Return a cell as people see it: 5.0 is "5", a date 2021-07-01, true TRUE; line ends inside stay."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "minutes")
    return str(cell).strip()
