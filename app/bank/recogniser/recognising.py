"""The way from a text to its questions: clean, lex, parse, decide, compare."""

from app.bank.problems import Problem
from app.bank.recogniser import fill, headings
from app.bank.recogniser.characters import clean
from app.bank.recogniser.checks import duplicates, promises
from app.bank.recogniser.draft import Look
from app.bank.recogniser.finish import finish
from app.bank.recogniser.lexer import lex
from app.bank.recogniser.model import Question, Recognition
from app.bank.recogniser.parser import Parser

MOST_PER_IMPORT = 5_000  # R57
HEAD, FEWEST = 2_000, 3  # characters in which a pasted table's head is looked for, and the columns it must name


def recognise(text, overrides=None, marks=None):
    """Return the Recognition of a text.

    overrides: corrections by a person, {line: {"key": [...], "kind": "...", "skip": True}}; `line` is the first line of
    the question as `lines[0]` names it (an int, or its text as JSON makes it).
    marks: {line: [(start, end, how)]}, spans of a line that stand out ("colour", "underline", "bold"), from a Word file.
    """
    text, dirty = clean(text)
    table = pasted_table(text, overrides)
    if table is not None:
        return table
    parser = Parser(lex(text)).run()
    corrections = {int(line): correction for line, correction in (overrides or {}).items()}
    problems = [*parser.problems, *(Problem(line, "control_characters") for line in dirty[:20])]
    questions = _finished(parser, corrections, marks or {}, problems)
    problems += duplicates(questions)
    problems += promises(parser.sections, parser.questions)
    problems += limit(questions)
    problems.sort(key=lambda problem: problem.line or 0)
    return Recognition(questions, problems, parser.roles[1:], text)


def pasted_table(text, overrides):
    """Return the Recognition of rows copied from a worksheet (tabs) or written in Markdown (|), None for any other text."""
    from app.bank.recogniser.readers.tables import guess_columns, recognise_table

    head = text[:HEAD].lstrip("\n")
    if "\t" not in head and not head.lstrip().startswith("|"):
        return None
    sign = "|" if head.lstrip().startswith("|") else "\t"
    rows = [_cells(line, sign) for line in text.split("\n")]
    columns = guess_columns(rows)
    if columns is None or sum(1 for cell in rows[columns.head] if cell.strip()) < FEWEST:
        return None
    found = recognise_table(rows, columns, overrides=overrides)
    lines = text.split("\n")
    found.roles = ["heading" if role == "blank" and line.strip() else role for role, line in zip(found.roles, lines, strict=True)]
    found.text = text
    return found


def _cells(line, sign):
    """Return the cells of a row; none for the rule |---|---| under a head."""
    if sign == "|":
        line = line.strip().strip("|")
        if set(line) <= set("|-: "):
            return []
    return [cell.strip() for cell in line.split(sign)]


def _finished(parser, corrections, marks, problems):
    paired = _paired_sections(parser.questions)
    questions = []
    for raw in parser.questions:
        correction = corrections.pop(raw.first, None)
        if correction and correction.get("skip"):
            for line in range(raw.first, raw.last + 1):
                if parser.roles[line] == "question":
                    parser.roles[line] = "skipped"
            continue
        look = Look(coloured_options(raw, marks), underlined_words(raw, marks), raw.section.index in paired)
        questions.append(finish(raw, correction, look))
    problems += [Problem(line, "correction_without_question") for line in corrections]
    return questions


def _paired_sections(questions):
    """Return the sections (indexes) that write answers between underscores: at least two questions, all in pairs."""
    counts: dict[int, tuple[int, int]] = {}
    for raw in questions:
        if raw.section.kind == headings.FILL and not raw.keys:
            good, all_ = counts.get(raw.section.index, (0, 0))
            whole = fill.all_filled("\n".join(piece.folded for piece in raw.stem))
            counts[raw.section.index] = (good + whole, all_ + 1)
    return {index for index, (good, all_) in counts.items() if good == all_ >= 2}


def coloured_options(raw, marks):
    """Return the labels of the options whose words stand out by colour or underline."""
    found = []
    for option in raw.options if marks else ():
        piece = option.pieces[0]
        spans = [(a, b) for a, b, how in marks.get(piece.line, ()) if how in ("colour", "underline")]
        covered = sum(max(0, min(b, piece.offset + len(piece.raw)) - max(a, piece.offset)) for a, b in spans)
        if piece.raw and covered * 2 > len(piece.raw):
            found.append(option.label)
    return found


def underlined_words(raw, marks):
    """Return the underlined words of a stem, in order; runs that touch are one."""
    found: list[str] = []
    for piece in raw.stem if marks else ():
        end = None
        for a, b, how in marks.get(piece.line, ()):
            a, b = max(a - piece.offset, 0), min(b - piece.offset, len(piece.raw))
            if how != "underline" or a >= b:
                continue
            if a == end:
                found[-1] += piece.raw[a:b]
            else:
                found.append(piece.raw[a:b])
            end = b
    return [words.strip() for words in found if words.strip()]


def limit(questions):
    """Mark the questions beyond what one import takes (R57); return the Problem that says so, in a list."""
    found = []
    for question in questions[MOST_PER_IMPORT:]:
        params = {"limit": MOST_PER_IMPORT, "count": len(questions)}
        found.append(Problem(question.lines[0], "too_many_questions", params))
        question.problems.append(found[-1])
    return found[:1]


__all__ = ["MOST_PER_IMPORT", "Problem", "Question", "Recognition", "recognise"]
