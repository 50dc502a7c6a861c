"""判断: a statement that is true or false."""

from flask_babel import lazy_gettext as _l

from app.bank.kinds.base import Kind, as_list
from app.bank.kinds.marks import BLANK, CORRECT, WRONG, ZERO, BadResponse, Mark, points
from app.bank.problems import Problem

VALUES = ("true", "false")


class TrueFalse(Kind):
    name = "true_false"
    label = _l("True or false")

    def own_problems(self, body):
        key = body.get("key") or []
        found = []
        if not key:
            found.append(Problem(None, "no_key_true_false"))
        elif len(key) != 1 or key[0] not in VALUES:
            found.append(Problem(None, "bad_key", {"text": "、".join(map(str, key))}))
        if body.get("options"):
            found.append(Problem(None, "true_false_options"))
        return found

    def normalised(self, body, response, seed=0, shuffle=True):
        chosen = as_list(response)
        if len(chosen) > 1:
            raise BadResponse("more_than_one")
        if chosen and chosen[0] not in VALUES:
            raise BadResponse("no_such_option", letter=chosen[0][:5])
        return list(chosen)

    def compile_marker(self, body, max_points, rule=None):
        full, key = points(max_points), body["key"][0]
        reason = "not_true" if key == "false" else "not_false"
        wrong = Mark(ZERO, full, WRONG, (reason, {}))
        blank = Mark(ZERO, full, BLANK, ("not_answered", {}))
        marks = {key: Mark(full, full, CORRECT, ("all_right", {}))}

        def marker(response):
            return marks.get(response[0], wrong) if response else blank

        return marker
