"""From a recognised question to the Draft that is stored, with what the import says for all of them."""

import re

from app.bank import rules

REVIEW_LINE = re.compile(r"\s*[【\[]?审核[】\]]?\s*[:：]?\s*待复核\s*[。.]?\s*$")


def waits_for_review(question, lines):
    """True when the text says 审核：待复核 for a question. lines: those of the recognised text."""
    if getattr(question, "review", False):
        return True
    first, last = question.lines
    return any(REVIEW_LINE.fullmatch(line) for line in lines[first - 1 : last])


def draft_of(question, lines, settings=None):
    """Return the Draft of a recognised question. settings: {"topic", "source", "review"} for what the text leaves open."""
    settings = settings or {}
    return rules.Draft(
        kind=question.kind,
        body=question.body(),
        source=REVIEW_LINE.sub("", question.source or "").strip() or settings.get("source", ""),
        topic=question.topic or settings.get("topic", ""),
        level=question.level or rules.MEDIUM,
        review=waits_for_review(question, lines) or bool(settings.get("review")),
    )
