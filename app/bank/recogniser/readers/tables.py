"""Tables of questions: a row is a question, its columns recognised or mapped by hand."""

import re

from app.bank.problems import Problem
from app.bank.recogniser import checks, recognising
from app.bank.recogniser.characters import clean, fold
from app.bank.recogniser.finish import finish
from app.bank.recogniser.headings import Section, kind_of_word
from app.bank.recogniser.labels import DIFFICULTY, KIND, POINTS, SOURCE, TOPIC
from app.bank.recogniser.lexer import lex
from app.bank.recogniser.model import Recognition
from app.bank.recogniser.numbering import SURE, number_at
from app.bank.recogniser.options import LABELS
from app.bank.recogniser.parser import Parser
from app.bank.recogniser.raw import Piece, RawKey, RawOption, RawQuestion
from app.bank.recogniser.readers.columns import Columns, guess_columns
from app.bank.recogniser.readers.sheets import read_sheets

PREFIX = re.compile(r"(?P<letter>[A-L])\s{0,3}[.、:,)]\s*(?=\S)")
NUMBERS = re.compile(r"\d{1,2}(?:[\s,、;|/]{1,3}\d{1,2}){0,11}")  # a key such as "1" or "1,3"
FIELDS = {"topic": TOPIC, "difficulty": DIFFICULTY, "source": SOURCE, "points": POINTS, "kind": KIND}


def read_table(filename, data):
    """Return the Sheets of an .xlsx, .xls or .csv file, rows of text cells; for mapping columns by hand."""
    return read_sheets(filename, data)


def recognise_table(rows, columns=None, sheet=None, overrides=None):
    """Return the Recognition of a table; `lines` are row numbers from 1.

    columns: Columns, or the mapping {"stem": 0, "options": [1, 2], "key": 6, "head": 2}; guessed from the head when None.
    overrides: corrections by row, see `recognise`.
    sheet: the name of the worksheet, for a hint of the kind (单选题) and for the words of problems.
    """
    if isinstance(columns, dict):
        columns = Columns.by_hand(columns)
    columns = columns or guess_columns(rows)
    if columns is None:
        return _as_text(rows)
    corrections = {int(line): correction for line, correction in (overrides or {}).items()}
    section = Section(0, title=sheet or "", kind=kind_of_word(fold(sheet or "").strip()))
    questions, roles = [], []
    for number, row in enumerate(rows, 1):
        cells = [clean(str(cell))[0].strip() for cell in row]
        if not any(cells):
            roles.append("blank")
        elif number <= columns.head + 1:
            roles.append("heading")
        else:
            correction = corrections.get(number, {})
            if not correction.get("skip"):
                questions.append(finish(_raw(number, cells, columns, section), correction))
            roles.append("skipped" if correction.get("skip") else "question")
    checks.duplicates(questions)
    passed = [Problem(columns.head + 1, "columns_passed_over", {"names": "、".join(columns.unused)})] if columns.unused else []
    return Recognition(
        questions, [*passed, *recognising.limit(questions)], roles, "\n".join("\t".join(map(str, row)) for row in rows)
    )


def _as_text(rows):
    """A table whose columns say nothing may be plain text typed into cells; else its columns must be said."""
    text = "\n".join("\t".join(" ".join(str(cell).split("\n")) for cell in row if str(cell).strip()) for row in rows)
    found = recognising.recognise(text)
    if found.usable and len(found.usable) * 2 >= len(found.questions):
        return found
    return Recognition([], [Problem(1, "no_columns")], ["stray"] * len(rows), text)


def _cell(cells, place):
    return cells[place] if place is not None and 0 <= place < len(cells) else ""


def _raw(row, cells, columns, section):
    raw = RawQuestion(None, None, section, row, row)
    number = _cell(cells, columns.number)
    if number.isdigit() and len(number) <= 6:
        raw.number = int(number)
    _stem(raw, row, _cell(cells, columns.stem), columns)
    for place, column in enumerate(columns.options):
        _option(raw, row, LABELS[place] if place < len(LABELS) else "Z", _cell(cells, column))
    if columns.all_options is not None and not raw.options:
        _all_options(raw, row, _cell(cells, columns.all_options))
    key = " ".join(_cell(cells, columns.key).split())
    if columns.options and NUMBERS.fullmatch(fold(key)) and not _is_option_text(raw, key):
        key = _letters(raw, row, key)
    if key:
        raw.keys.append(RawKey(row, key, fold(key), "line"))
    explanation = _cell(cells, columns.explanation)
    raw.explanation = _pieces(row, explanation)
    for name, label in FIELDS.items():
        words = _cell(cells, getattr(columns, name))
        if words:
            raw.fields[label] = (row, words)
    return raw


def _is_option_text(raw, key):
    return any(piece.raw == key for option in raw.options for piece in option.pieces)


def _letters(raw, row, key):
    """ "1,3" for options without letters is A and C; said, and only when every number names an option."""
    places = [int(number) for number in re.findall(r"\d+", key)]
    letters = [LABELS[place - 1] for place in places if 0 < place <= len(LABELS)]
    if len(letters) != len(places) or not set(letters) <= set(raw.labels):
        return key
    raw.problem(row, "numbered_options", key="、".join(letters))
    return "".join(letters)


def _pieces(row, words):
    return [Piece(row, line.strip(), fold(line.strip())) for line in words.split("\n") if line.strip()]


def _stem(raw, row, words, columns):
    """The stem's cell, its number taken off; it may hold the options too, when no column does."""
    number = number_at(fold(words))
    if number is not None and number.strength == SURE and number.style == "." and raw.number in (None, number.value):
        raw.number, words = number.value, words[number.end :]
    raw.stem = _pieces(row, words)
    if columns.options or columns.all_options is not None:
        return
    inner = Parser(lex("1. " + words)).run().questions
    if len(inner) == 1 and len(inner[0].options) >= 2:
        raw.stem, raw.options = inner[0].stem, inner[0].options
        for piece in [*raw.stem, *(piece for option in raw.options for piece in option.pieces)]:
            piece.line = row
        for option in raw.options:
            option.line = row


def _option(raw, row, label, words):
    """One option's cell. A letter of its own ("C、悉尼") is taken off; another option's letter is reported."""
    if not words:
        return
    prefix = PREFIX.match(fold(words))
    if prefix is not None:
        if prefix["letter"] != label:
            raw.problem(row, "label_in_option", label=label, text=words[:20])
        words = words[prefix.end() :]
    raw.options.append(RawOption(label, row, _pieces(row, words) or [Piece(row, "", "")]))


def _all_options(raw, row, words):
    """One cell with all options: lettered, or one to a line, or parted by | or ；."""
    inner = Parser(lex("1. （ ）\n" + words)).run().questions
    if len(inner) == 1 and len(inner[0].options) >= 2:
        for option in inner[0].options:
            raw.options.append(RawOption(option.label, row, [Piece(row, piece.raw, piece.folded) for piece in option.pieces]))
        return
    for sign in ("\n", "|", "；", ";"):
        parts = [part.strip() for part in words.split(sign) if part.strip()]
        if 2 <= len(parts) <= len(LABELS):
            for label, part in zip(LABELS, parts, strict=False):
                _option(raw, row, label, part)
            return
