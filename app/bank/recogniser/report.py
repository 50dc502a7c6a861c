"""A recognition as text for the command line: what was found, kind by kind, and every problem with its line."""

from flask_babel import lazy_gettext as _l

from app.bank import kinds
from app.bank.problems import words

SUMMARY = _l("%(count)s questions found: %(ready)s ready, %(waiting)s to be mended, %(warned)s with remarks")
NO_KIND = _l("Kind not known")
LINES = _l("Lines %(first)s–%(last)s")
LINE = _l("Line %(line)s")
KEY = _l("Answer: %(key)s")
TRUE, FALSE = _l("True"), _l("False")
MENDING, REMARK = _l("Mend"), _l("Check")
WHOLE = _l("The text as a whole")
LONGEST = 60  # characters of a stem that are shown


def report_text(recognition):
    """Return the report of a Recognition: a summary, counts per kind, one block per question, the problems of the text."""
    return "\n".join([*_summary(recognition), "", *_questions(recognition), *_whole(recognition)]).rstrip() + "\n"


def _summary(recognition):
    questions = recognition.questions
    ready = len(recognition.usable)
    warned = sum(1 for question in recognition.usable if question.problems)
    lines = [words(SUMMARY, count=len(questions), ready=ready, waiting=len(questions) - ready, warned=warned)]
    for name in (*kinds.NAMES, None):
        count = sum(1 for question in questions if question.kind == name)
        if count:
            lines.append(f"  {_label(name)} {count}")
    return lines


def _questions(recognition):
    for question in recognition.questions:
        number = question.number if question.number is not None else "—"
        place = words(LINES, first=question.lines[0], last=question.lines[1])
        yield f"{number}  {_label(question.kind)}  {place}"
        stem = " ".join(question.stem.split())
        yield "    " + (stem if len(stem) <= LONGEST else stem[: LONGEST - 1] + "…")
        for option in question.options:
            sign = "✓" if option["label"] in question.key else " "
            yield f"    {sign} {option['label']}. {option['text']}"
        if question.key:
            yield "    " + words(KEY, key=shown_key(question))
        yield from (_problem(problem) for problem in question.problems)
        yield ""


def _whole(recognition):
    if recognition.problems:
        yield words(WHOLE)
        yield from (_problem(problem) for problem in recognition.problems)


def _problem(problem):
    where = words(LINE, line=problem.line) if problem.line is not None else ""
    return f"    [{words(MENDING if problem.is_error else REMARK)}] {where}  {problem.message}"


def _label(kind):
    return words(kinds.get(kind).label if kind is not None else NO_KIND)


def shown_key(question):
    """Return a key as people write it: "A、C", 对, "一年/1年；两年"."""
    if question.kind == "true_false":
        return words(TRUE if question.key == ["true"] else FALSE)
    if question.kind == "fill_blank":
        return "；".join("/".join(blank) for blank in question.key)
    return "、".join(question.key)
