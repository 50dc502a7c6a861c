"""A paper as somebody gets it: headings and questions as their kinds present them, with keys only where asked for."""

from sqlalchemy import select

from app.bank import kinds
from app.bank.kinds.choice import LETTERS
from app.bank.models import QuestionVersion
from app.core.db import db
from app.papers import headings, rules

TRUTH = {"true": "正确", "false": "错误"}


def presented(drawer, seed, shuffled=True, *, with_key=False):
    """Return [{"heading", "questions": [...]}, …] of one attempt drawn by `seed`.

    A question is {"version_id", "kind", "kind_label", "points", "stem", "options", "blanks"}; with_key adds "key",
    "explanation" and "source" for staff, otherwise none of them is anywhere in the answer (R52).
    """
    items = drawer.items(seed, shuffled)
    versions = _versions({version_id for version_id, _section in items})
    shown = {section.id: [] for section in drawer.sections}
    points = {section.id: rules.plain(section.points_each) for section in drawer.sections}
    for version_id, section_id in items:
        shown[section_id].append(_question(versions[version_id], points[section_id], seed, shuffled, with_key))
    return [
        {"heading": headings.section_heading(section, section.index, len(shown[section.id])), "questions": shown[section.id]}
        for section in drawer.sections
    ]


def _versions(version_ids):
    return {
        version.id: version for version in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(version_ids)))
    }


def _question(version, points, seed, shuffled, with_key):
    kind = kinds.get(version.kind)
    question = kind.presented(version.body, seed, shuffled) | {
        "version_id": version.id,
        "kind_label": kind.label,
        "points": points,
    }
    if with_key:
        question["key"] = _key_words(kind, version.body, kind.option_order(version.body, seed, shuffled))
        question["explanation"] = version.body.get("explanation", "")
        question["source"] = version.source
    return question


def _key_words(kind, body, order):
    """Return the key in words: the letters this person sees, 正确 or 错误, or the accepted answers of each blank."""
    key = body["key"]
    if order:
        return "、".join(sorted(LETTERS[order.index(label)] for label in key))
    if kind.name == "true_false":
        return TRUTH[key[0]]
    return "；".join(" / ".join(blank) for blank in key)
