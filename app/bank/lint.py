"""What is wrong or worth a look in a question that is being written, in words without line numbers. Pure."""

from flask_babel import lazy_gettext as _l

from app.bank import kinds
from app.bank.problems import words

ERR, WARN = "err", "warn"

IN_EDITOR = {  # codes whose usual words speak of lines of a text
    "empty_stem": _l("Write the stem."),
    "no_key": _l("Tick the right option."),
    "no_key_true_false": _l("Choose whether the statement is right or wrong."),
    "no_key_fill_blank": _l("Write at least one accepted answer for each blank."),
    "missing_options": _l("Write at least two options."),
    "no_blank": _l("There is no blank in the stem. Write ____ (four underscores) where something is to be filled in."),
    "blank_count_mismatch": _l("The stem has %(blanks)s blanks, but there are answers for %(answers)s. Make the numbers agree."),
    "kind_key_conflict": _l("A single-choice question has one right option, but %(count)s are ticked."),
}
NO_EXPLANATION = _l("There is no explanation. People learn more from a wrong answer with one.")
NO_SOURCE = _l("There is no source. Name the document that the answer rests on.")
UNEVEN = _l("Option %(label)s is much longer than the others; people guess by length.")
UNEVEN_FROM, UNEVEN_TIMES = 12, 2.2  # characters; times the longest of the other options


def sentence(problem):
    """Return the words of a Problem of a bare body."""
    text = IN_EDITOR.get(problem.code)
    return words(text, **problem.params) if text is not None else problem.message


def errors(kind, body):
    """Return the sentences of what keeps a body from being used."""
    return [sentence(problem) for problem in kinds.get(kind).problems(body) if problem.is_error]


def findings(kind, body, source):
    """Return [(ERR | WARN, sentence)] of everything to be said about a question, errors first."""
    found = [(ERR if problem.is_error else WARN, sentence(problem)) for problem in kinds.get(kind).problems(body)]
    if not (body.get("explanation") or "").strip():
        found.append((WARN, words(NO_EXPLANATION)))
    if not source.strip():
        found.append((WARN, words(NO_SOURCE)))
    label = longest_option(body.get("options") or [])
    if label:
        found.append((WARN, words(UNEVEN, label=label)))
    return sorted(found, key=lambda one: one[0] != ERR)


def longest_option(options):
    """Return the label of the right-looking option: much longer than all others; None without one."""
    lengths = sorted(((len(option["text"]), option["label"]) for option in options), reverse=True)
    if len(lengths) < 2 or lengths[0][0] < UNEVEN_FROM:
        return None
    return lengths[0][1] if lengths[0][0] > UNEVEN_TIMES * lengths[1][0] else None
