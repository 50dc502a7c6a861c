"""The contract of a question kind: what every module in this package offers, and what they share."""

import re

from app.bank.kinds import words
from app.bank.kinds.marks import BadResponse
from app.bank.problems import Problem

STEM_LONGEST, OPTION_LONGEST, ANSWER_LONGEST, EXPLANATION_LONGEST = 20_000, 2_000, 500, 20_000  # R55, in characters
BLANK_MARK = "____"
BLANK_RUN = re.compile(r"_{3,}")


class Kind:
    """One kind of question. Bodies are the JSON described in docs/recogniser.md; nothing here stores or shows anything."""

    name = ""
    label = ""  # lazy, for people

    def problems(self, body):
        """Return what is wrong with a body, as Problems without a line; empty when it is sound."""
        return [*stem_problems(body), *self.own_problems(body)]

    def own_problems(self, body):
        raise NotImplementedError

    def presented(self, body, seed, shuffle=True):
        """Return what a candidate gets: stem and options as {"letter", "text"}; never a key, label or explanation."""
        return {"kind": self.name, "stem": body["stem"], "options": [], "blanks": 0}

    def option_order(self, body, seed, shuffle=True):
        """Return authored labels in displayed order; empty for kinds without options."""
        return []

    def normalised(self, body, response, seed=0, shuffle=True):
        """Return a raw response in canonical form, [] when cleared. Raises BadResponse."""
        raise NotImplementedError

    def mark(self, body, response, max_points, rule=None):
        """Return the Mark for one normalised response. Pure; the same input gives the same mark for ever."""
        return self.compile_marker(body, max_points, rule)(response)

    def compile_marker(self, body, max_points, rule=None):
        """Return a fast function from a normalised response to its Mark, for marking many responses to one question."""
        raise NotImplementedError

    def why_text(self, code, params, letters=None):
        return words.why_text(code, params, letters)

    def to_text(self, body, meta=None):
        """Return the question in the plain text that trainers write; the recogniser reads back the same body."""
        from app.bank.recogniser.writer import written

        return written(self.name, body, meta or {})

    def from_text(self, text):
        """Return (body, meta) of the one question in `text`; ValueError when it is not exactly one usable question."""
        from app.bank.recogniser import recognise

        found = recognise(text)
        if len(found.questions) != 1 or found.questions[0].kind != self.name or found.questions[0].has_errors:
            raise ValueError("not one question of this kind")
        return found.questions[0].body(), found.questions[0].meta()


def stem_problems(body):
    """Return what is wrong with stem and explanation, the same for all kinds."""
    stem = body.get("stem") or ""
    found = []
    if not stem.strip():
        found.append(Problem(None, "empty_stem"))
    if len(stem) > STEM_LONGEST:
        found.append(Problem(None, "too_long", {"count": len(stem), "limit": STEM_LONGEST}))
    explanation = body.get("explanation") or ""
    if len(explanation) > EXPLANATION_LONGEST:
        found.append(Problem(None, "explanation_too_long", {"count": len(explanation), "limit": EXPLANATION_LONGEST}))
    return found


def as_list(response):
    """Return the response if it is a list of strings, or raise BadResponse."""
    if not isinstance(response, list) or not all(isinstance(item, str) for item in response):
        raise BadResponse("response_not_a_list")
    return response
