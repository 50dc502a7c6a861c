"""The reasons behind a mark, in words for the review page."""

from flask_babel import lazy_gettext as _l

from app.bank.problems import words

REASONS = {
    "not_answered": _l("Not answered."),
    "all_right": _l("All right."),
    "wrong_chosen": _l("%(wrong)s should not have been chosen."),
    "missed_some": _l("%(missed)s was not chosen."),
    "wrong_and_missed": _l("%(wrong)s should not have been chosen; %(missed)s was not chosen."),
    "not_the_key": _l("The right answer is %(key)s."),
    "not_true": _l("The statement is false."),
    "not_false": _l("The statement is true."),
    "blanks_wrong": _l("Blank %(blanks)s is wrong or empty."),
    "some_unordered_wrong": _l("%(right)s of %(count)s answers are right."),
}


def why_text(code, params, letters=None):
    """Return the reason as a sentence.

    letters: authored label → the letter this candidate saw, when options were shuffled.
    """
    shown = {name: _joined(value, letters) for name, value in params.items()}
    return words(REASONS[code], **shown)


def _joined(value, letters):
    if not isinstance(value, (list, tuple)):
        return value
    names = [(letters or {}).get(item, str(item)) for item in value]
    return "、".join(sorted(names, key=lambda name: (len(name), name)))
