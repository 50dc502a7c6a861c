"""Question kinds: one module each, one contract (`base.Kind`), found here by their stored names."""

from app.bank.kinds.base import Kind
from app.bank.kinds.fill_blank import FillBlank
from app.bank.kinds.marks import BadResponse, Mark
from app.bank.kinds.multiple_choice import MultipleChoice
from app.bank.kinds.rules import RuleRefused, check_rule, rule_label
from app.bank.kinds.single_choice import SingleChoice
from app.bank.kinds.true_false import TrueFalse
from app.bank.kinds.words import why_text

_KINDS = {kind.name: kind for kind in (SingleChoice(), MultipleChoice(), TrueFalse(), FillBlank())}
NAMES = tuple(_KINDS)


def get(name):
    """Return the Kind stored as `name`; KeyError if there is none."""
    return _KINDS[name]


__all__ = ["NAMES", "BadResponse", "Kind", "Mark", "RuleRefused", "check_rule", "get", "rule_label", "why_text"]
