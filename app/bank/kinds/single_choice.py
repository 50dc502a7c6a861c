"""单选: exactly one option is right."""

from flask_babel import lazy_gettext as _l

from app.bank.kinds.choice import Choice
from app.bank.kinds.marks import BLANK, CORRECT, WRONG, ZERO, BadResponse, Mark, points
from app.bank.problems import Problem


class SingleChoice(Choice):
    name = "single_choice"
    label = _l("Single choice")

    def key_problems(self, body):
        key = body.get("key") or []
        if len(set(key)) > 1:
            params = {"kind": self.label, "key": "、".join(key), "count": len(key)}
            return [*super().key_problems(body), Problem(None, "kind_key_conflict", params)]
        return super().key_problems(body)

    def normalised(self, body, response, seed=0, shuffle=True):
        chosen = super().normalised(body, response, seed, shuffle)
        if len(chosen) > 1:
            raise BadResponse("more_than_one")
        return chosen

    def compile_marker(self, body, max_points, rule=None):
        full, key = points(max_points), body["key"][0]
        wrong = Mark(ZERO, full, WRONG, ("not_the_key", {"key": [key]}))
        blank = Mark(ZERO, full, BLANK, ("not_answered", {}))
        marks = {key: Mark(full, full, CORRECT, ("all_right", {}))}

        def marker(response):
            return marks.get(response[0], wrong) if response else blank

        return marker
