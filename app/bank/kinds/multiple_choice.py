"""多选: one or more options are right; the section's rule says what a part of them earns."""

from flask_babel import lazy_gettext as _l

from app.bank.kinds import rules
from app.bank.kinds.choice import Choice
from app.bank.kinds.marks import Mark, points
from app.bank.problems import Problem

REMEMBERED = 1024  # marks kept per compiled question: all subsets of ten options


class MultipleChoice(Choice):
    name = "multiple_choice"
    label = _l("Multiple choice")

    def key_problems(self, body):
        found = super().key_problems(body)
        if len(body.get("key") or []) == 1:
            found.append(Problem(None, "single_key_in_multiple", {"key": body["key"][0]}))
        return found

    def compile_marker(self, body, max_points, rule=None):
        full, key = points(max_points), tuple(sorted(body["key"]))
        rules.check_rule(rule, full, len(key))
        known: dict[tuple, Mark] = {}

        def marker(response):
            chosen = tuple(response)
            mark = known.get(chosen)
            if mark is None:
                mark = rules.mark(key, chosen, full, rule)
                if len(known) < REMEMBERED:
                    known[chosen] = mark
            return mark

        return marker
