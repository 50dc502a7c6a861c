"""The scoring rules of multiple choice, chosen per paper section and printed in its heading.

`all_or_nothing`   full marks for exactly the key
`half_for_subset`  half for some of the key and nothing else
`per_option`       an equal share for each correct option, nothing once a wrong one is chosen;
                   `per_option:0.5` gives 0.5 points for each instead
`proportional`     (right - wrong) / size of the key, not below nothing
"""

from flask_babel import lazy_gettext as _l

from app.bank.kinds.marks import BLANK, CORRECT, PARTIAL, WRONG, ZERO, Mark, capped, points, share

DEFAULT = "all_or_nothing"
NAMES = ("all_or_nothing", "half_for_subset", "per_option", "proportional")

LABELS = {
    "all_or_nothing": _l("full marks only for all the right options"),
    "half_for_subset": _l("half marks when some right options are missing and none is wrong"),
    "per_option": _l("an equal share for each right option, nothing if one is wrong"),
    "per_option_fixed": _l("%(points)s points for each right option, nothing if one is wrong"),
    "proportional": _l("right options minus wrong ones, in proportion"),
}


class RuleRefused(ValueError):
    """A rule that does not exist or could give more than full marks. `code` is a problem code."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def parts(rule):
    """Split "per_option:0.5" into its name and its points per option (None where the share is equal)."""
    name, _, number = (rule or DEFAULT).partition(":")
    if name not in NAMES or (number and name != "per_option"):
        raise RuleRefused("unknown_rule", rule=rule)
    if not number:
        return name, None
    try:
        each = points(number)
    except ValueError as error:
        raise RuleRefused("unknown_rule", rule=rule) from error
    if each <= ZERO:
        raise RuleRefused("unknown_rule", rule=rule)
    return name, each


def check_rule(rule, max_points, key_size=None):
    """Raise RuleRefused when `rule` is unknown, or could give more than `max_points` for a key of `key_size` options."""
    name, each = parts(rule)
    if each is not None and key_size is not None and each * key_size > points(max_points):
        raise RuleRefused("rule_above_full", points=each, count=key_size, full=points(max_points))
    return name


def rule_label(rule):
    """Return the words for a section's heading, lazy, and their values: ("half marks …", {})."""
    name, each = parts(rule)
    if each is not None:
        return LABELS["per_option_fixed"], {"points": f"{each.normalize():f}"}
    return LABELS[name], {}


def mark(key, chosen, max_points, rule):
    """Return the Mark for a set of chosen labels; `key` and `chosen` are sorted tuples of authored labels."""
    if not chosen:
        return Mark(ZERO, max_points, BLANK, ("not_answered", {}))
    right = [label for label in chosen if label in key]
    wrong = [label for label in chosen if label not in key]
    missed = [label for label in key if label not in chosen]
    if not wrong and not missed:
        return Mark(max_points, max_points, CORRECT, ("all_right", {}))
    gained = _partial(key, len(right), len(wrong), max_points, *parts(rule))
    state = PARTIAL if gained > ZERO else WRONG
    if wrong and missed:
        why = ("wrong_and_missed", {"wrong": wrong, "missed": missed})
    elif wrong:
        why = ("wrong_chosen", {"wrong": wrong})
    else:
        why = ("missed_some", {"missed": missed})
    return Mark(gained, max_points, state, why)


def _partial(key, right, wrong, max_points, name, each):
    if name == "all_or_nothing":
        return ZERO
    if name == "proportional":
        return capped(max_points * max(right - wrong, 0) / len(key), max_points)
    if wrong:
        return ZERO
    if name == "half_for_subset":
        return capped(max_points / 2, max_points)
    return min((each if each is not None else share(max_points, len(key))) * right, max_points)
