"""填空: blanks in the stem, written `____`; each has its accepted answers; the points are shared over the blanks."""

import unicodedata

from flask_babel import lazy_gettext as _l

from app.bank.kinds.base import ANSWER_LONGEST, BLANK_MARK, BLANK_RUN, Kind, as_list
from app.bank.kinds.marks import BLANK, CORRECT, PARTIAL, WRONG, ZERO, BadResponse, Mark, points, share
from app.bank.kinds.matching import Accepted, best_matching
from app.bank.problems import Problem

REMEMBERED = 2048  # marks kept per compiled question: most candidates type one of a few answers


class FillBlank(Kind):
    """`key` is one list of accepted answers per blank; `ordered: false` lets the answers stand in any order."""

    name = "fill_blank"
    label = _l("Fill in the blanks")

    def own_problems(self, body):
        key, blanks = body.get("key") or [], blank_count(body.get("stem") or "")
        found = [Problem(None, "fill_blank_options")] if body.get("options") else []
        if not blanks:
            found.append(Problem(None, "no_blank"))
        if not key:
            found.append(Problem(None, "no_key_fill_blank", {"blanks": blanks or 1}))
        elif blanks and len(key) != blanks:
            found.append(Problem(None, "blank_count_mismatch", {"blanks": blanks, "answers": len(key)}))
        for number, answers in enumerate(key, 1):
            if not any(answer.strip() for answer in answers):
                found.append(Problem(None, "empty_answer", {"blank": number}))
            longest = max((len(answer) for answer in answers), default=0)
            if longest > ANSWER_LONGEST:
                found.append(Problem(None, "answer_too_long", {"blank": number, "count": longest, "limit": ANSWER_LONGEST}))
        return found

    def presented(self, body, seed, shuffle=True):
        return {"kind": self.name, "stem": body["stem"], "options": [], "blanks": len(body["key"])}

    def normalised(self, body, response, seed=0, shuffle=True):
        typed = as_list(response)
        if len(typed) > len(body["key"]):
            raise BadResponse("too_many_blanks", count=len(typed), blanks=len(body["key"]))
        clean = [unicodedata.normalize("NFKC", text.replace("\0", "")).strip()[:ANSWER_LONGEST] for text in typed]
        if not any(clean):
            return []
        return clean + [""] * (len(body["key"]) - len(clean))

    def compile_marker(self, body, max_points, rule=None):
        full = points(max_points)
        blanks = [Accepted(answers) for answers in body["key"]]
        judge = _ordered if body.get("ordered", True) else _unordered
        known: dict[tuple, Mark] = {}

        def marker(response):
            typed = tuple(response)
            mark = known.get(typed)
            if mark is None:
                mark = judge(blanks, typed, full)
                if len(known) < REMEMBERED:
                    known[typed] = mark
            return mark

        return marker


def blank_count(stem):
    """Return how many blanks a stem has: runs of three or more underscores."""
    return len(BLANK_RUN.findall(stem))


def shares(full, count):
    """Return the points of each blank: equal, the last one taking what rounding leaves."""
    each = share(full, count)
    return [each] * (count - 1) + [full - each * (count - 1)]


def _ordered(blanks, typed, full):
    if not any(typed):
        return Mark(ZERO, full, BLANK, ("not_answered", {}))
    right = [i < len(typed) and blank.takes(typed[i]) for i, blank in enumerate(blanks)]
    if all(right):
        return Mark(full, full, CORRECT, ("all_right", {}))
    gained = sum((part for part, good in zip(shares(full, len(blanks)), right, strict=True) if good), ZERO)
    wrong = [str(i) for i, good in enumerate(right, 1) if not good]
    return Mark(gained, full, PARTIAL if gained else WRONG, ("blanks_wrong", {"blanks": wrong}))


def _unordered(blanks, typed, full):
    if not any(typed):
        return Mark(ZERO, full, BLANK, ("not_answered", {}))
    right = sum(place is not None for place in best_matching(blanks, typed))
    if right == len(blanks):
        return Mark(full, full, CORRECT, ("all_right", {}))
    gained = share(full, len(blanks)) * right
    why = ("some_unordered_wrong", {"right": right, "count": len(blanks)})
    return Mark(gained, full, PARTIAL if gained else WRONG, why)


__all__ = ["BLANK_MARK", "FillBlank", "blank_count"]
