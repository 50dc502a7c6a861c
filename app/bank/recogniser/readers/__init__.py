"""Files of questions: what they are by their content, their text or rows, and from there the recogniser.

`read_source` gives the text with line numbers that people can follow; `recognise_file` does it all.
"""

from dataclasses import dataclass, field

from app.bank.problems import Problem
from app.bank.recogniser.model import Recognition
from app.bank.recogniser.readers import content
from app.bank.recogniser.readers.encodings import decode
from app.bank.recogniser.readers.old_word import text_of_old_word
from app.bank.recogniser.readers.records import read_records
from app.bank.recogniser.readers.refusals import SourceRefused
from app.bank.recogniser.readers.sheets import Sheet, read_sheets
from app.bank.recogniser.readers.tables import guess_columns, recognise_table
from app.bank.recogniser.readers.word import read_word
from app.bank.recogniser.recognising import recognise


@dataclass
class Source:
    """A file as it was read. `kind` by content; `text` for all but workbooks; `sheets` for workbooks and .csv;
    `marks` {line: [(start, end, how)]} of a Word file; `problems` of the reading itself."""

    text: str
    kind: str
    problems: list = field(default_factory=list)
    sheets: list | None = None
    marks: dict = field(default_factory=dict)


def read_source(filename, data):
    """Return the Source of an uploaded file. Raises SourceRefused (R57 to R59)."""
    kind = content.kind_of(filename, data)
    if kind == content.WORD:
        word = read_word(data)
        return Source(word.text, kind, word.problems, marks=word.marks)
    if kind == content.OLD_WORD:
        return Source(text_of_old_word(data), kind)
    if kind in (content.EXCEL, content.OLD_EXCEL) or content.extension_of(filename) == "csv":
        sheets = read_sheets(filename, data)
        return Source(_as_lines(sheets), kind, sheets=sheets)
    text, problems = decode(data)
    return Source(text, kind, problems)


def recognise_file(filename, data, columns=None, overrides=None):
    """Return the Recognition of an uploaded file.

    columns: for a table, which column holds what ({"sheet": "Sheet1", "stem": 0, "options": [1, 2], "key": 6, "head": 0});
    None recognises them by their heads. overrides: see `recognise`; for text and Word files.
    Raises SourceRefused when the file is not read at all.
    """
    source = read_source(filename, data)
    if source.sheets is not None:
        found = _sheets(source.sheets, columns)
    elif source.kind == content.JSON:
        found = _records(source.text)
    else:
        found = recognise(source.text, overrides, source.marks)
    found.problems = sorted([*source.problems, *found.problems], key=lambda problem: problem.line or 0)
    if not found.questions and not any(problem.is_error for problem in found.problems):
        first = next((line.strip() for line in source.text.split("\n") if line.strip()), "")
        found.problems.append(Problem(1, "no_questions", {"text": first[:30]}))
    return found


def _as_lines(sheets):
    return "\n".join("\t".join(row) for sheet in sheets for row in sheet.rows)


def _sheets(sheets, columns):
    """All sheets of a workbook. Those without questions are passed over with a word; one alone must have some."""
    filled = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if columns is not None and columns.get("sheet"):
        filled = [sheet for sheet in filled if sheet.name == columns["sheet"]]
    several, whole = len(filled) > 1, Recognition([], [])
    for sheet in filled:
        chosen = columns or guess_columns(sheet.rows)
        found = recognise_table(sheet.rows, chosen, sheet.name)
        if several and not found.questions:
            found.problems = [Problem(1, "sheet_skipped")]
        if several:
            _name_sheet(found, sheet.name)
        whole.questions += found.questions
        whole.problems += found.problems
        whole.roles += found.roles
        whole.text = f"{whole.text}\n{found.text}".lstrip("\n")
    if several and not whole.questions:
        whole.problems.append(Problem(1, "no_columns"))
    return whole


def _name_sheet(found, name):
    found.problems = [Problem(p.line, p.code, p.params, name) for p in found.problems]
    for question in found.questions:
        question.problems = [Problem(p.line, p.code, p.params, name) for p in question.problems]


RECORD_ROLES = ("number", "kind", "stem", "key", "explanation", "topic", "difficulty", "source", "points")


def _records(text):
    """JSON records are rows of a table whose row numbers are the lines where they begin."""
    records = read_records(text)
    widest = max((len(record["options"]) for _, record in records if isinstance(record.get("options"), list)), default=0)
    mapping = {name: place for place, name in enumerate(RECORD_ROLES)}
    first = len(RECORD_ROLES)
    columns = {**mapping, "all_options": first, "options": list(range(first + 1, first + 1 + widest))}
    rows, lines = [], []
    for line, record in records:
        options = record.get("options", [])
        listed = options if isinstance(options, list) else []
        row = [record.get(name, "") for name in RECORD_ROLES] + ["" if listed else options or ""]
        rows.append(row + listed + [""] * (widest - len(listed)))
        lines.append(line)
    if not any("number" in record for _, record in records):
        columns["number"] = None
    return _at_lines(recognise_table(rows, columns), lines, text)


def _at_lines(found, lines, text):
    """Turn row numbers into the lines of the JSON text."""
    spans = dict(
        zip(
            range(1, len(lines) + 1),
            zip(lines, [*(line - 1 for line in lines[1:]), text.count("\n") + 1], strict=True),
            strict=True,
        )
    )
    for question in found.questions:
        row = question.lines[0]
        question.lines = (spans[row][0], max(spans[row]))
        question.problems = [Problem(spans[row][0], p.code, _lines_in(p.params, spans)) for p in question.problems]
    found.text = text
    found.roles = _roles(found.questions, text)
    return found


def _lines_in(params, spans):
    return {**params, "first": spans[params["first"]][0]} if params.get("first") in spans else params


def _roles(questions, text):
    roles = ["heading" if line.strip() else "blank" for line in text.split("\n")]
    for question in questions:
        for line in range(question.lines[0] - 1, question.lines[1]):
            roles[line] = "question" if roles[line] != "blank" else "blank"
    return roles


__all__ = ["Sheet", "Source", "SourceRefused", "read_source", "recognise_file"]
