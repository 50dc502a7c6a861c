"""One attempt's exam page: its questions in its own order, options as its seed orders them, inside its sitting's shell."""

import secrets

from flask import current_app
from flask_babel import force_locale
from markupsafe import escape

from app.bank import kinds
from app.exams.page import shell, stream
from app.exams.page.fragments import Question
from app.exams.queries import versions
from app.exams.queries.taking import Unread
from app.exams.queries.versions import Kept, load_bodies, remembered, section_of
from app.exams.rules.paper_order import option_seed
from app.papers.rules import plain as plain_points

_mark = secrets.token_hex(8)
_questions = Kept(4000)  # of about 1.5 kB
_middles = Kept(2500)  # by attempt, of about 13 kB for 100 questions; made again in less than a millisecond
_counts = Kept(2500)  # of items, by attempt
_shells = Kept(200)


def forget():
    """Drop everything kept, here and of the versions: for tests, which empty their tables and start again at id 1."""
    versions.forget()
    for kept in (_questions, _middles, _counts, _shells):
        kept.clear()


def page(taking, values, look, *, may_render=True):
    """Return the page of `taking` (queries.taking.Taking) as (pieces, Middle, pieces), for `stream`.

    values: what differs by person, from `shell.values`; look: {"locale", "text_size"} of the reader, which the pieces' keys hold.
    may_render: False gives None when a template is needed; rendering needs a Flask request.
    """
    around, between = _shell(taking, look, may_render), _middle(taking, look["locale"], may_render)
    if around is None or between is None:
        return None
    return around.fill(around.head, values), between, around.fill(around.foot, values)


def _shell(taking, look, may_render):
    key = (taking.sitting_id, taking.title, len(taking.items), taking.earliest_minutes > 0, *look.values())
    around = _shells.get(key)
    if around is None and may_render:
        sitting = {"title": taking.title, "watch": True}
        with force_locale(look["locale"]):
            made = shell.Shell(sitting, len(taking.items), has_earliest=taking.earliest_minutes > 0, **look)
        around = _shells.put(key, made)
    return around


def _middle(taking, locale, may_render):
    """Return the questions and their sections' headings as a Middle; None when one must be rendered and may not be."""
    known = _middles.get((taking.id, locale))
    if known is not None:
        return known
    if isinstance(taking.items, Unread):
        return None
    html = _html(taking, locale, may_render)
    if html is None:
        return None
    _counts.put(taking.id, len(taking.items))
    return _middles.put((taking.id, locale), stream.middle(html))


def known_count(attempt_id):
    """Return how many questions an attempt has whose questions are kept, in some language; else None."""
    return _counts.get(attempt_id)


def _html(taking, locale, may_render):
    bodies = _bodies([version_id for version_id, _ in taking.items], may_render)
    if bodies is None:
        return None
    found, last = [], None
    for version_id, section_id in taking.items:
        keys = [(section_id, version_id, locale)]
        if section_id != last:
            last = section_id
            keys.insert(0, (section_id, None, locale))
        for key in keys:
            question = _questions.get(key)
            if question is None and not may_render:
                return None
            question = question or _questions.put(key, _rendered(key, bodies))
            found.append(question.html(_order(taking, key[1], bodies)))
    return "".join(found)


def _bodies(version_ids, may_read):
    known = {version_id: remembered(version_id) for version_id in version_ids}
    if None not in known.values():
        return known
    return load_bodies(version_ids) if may_read else None


def _order(taking, version_id, bodies):
    """Return the labels of a question's options in the order this attempt shows; () for a heading."""
    if version_id is None:
        return ()
    name, body = bodies[version_id]
    return tuple(kinds.get(name).option_order(body, option_seed(taking.seed, version_id), taking.shuffle_options))


def _rendered(key, bodies):
    """Return a heading or a question as a Question, rendered in the key's language. Without Flask's page values: they cost more."""
    section_id, version_id, locale = key
    section, env = section_of(section_id), current_app.jinja_env
    with force_locale(locale):
        if version_id is None:
            html = env.get_template("exams/_section.html").render(heading=section.heading, title=section.title, rule=None)
            return Question((html,))
        name, body = bodies[version_id]
        item, options = _item(version_id, name, body, section), body.get("options") or []
        item["options"] = [option | {"text": _mark} for option in item["options"]]
        html = env.get_template("exams/_item.html").render(item=item, saved=None)
    return Question(tuple(html.split(_mark)), {option["label"]: str(escape(option["text"])) for option in options})


def _item(version_id, name, body, section, seed=0, shuffle=False):
    """Return what a taker sees of a question. No key goes in."""
    kind = kinds.get(name)
    shown = kind.presented(body, seed, shuffle)
    return {
        "version_id": version_id,
        "kind": name,
        "kind_label": kind.label,
        "points": plain_points(section.points),
        "stem": shown["stem"],
        "options": shown["options"],
        "blanks": shown["blanks"],
        "hint": hint(section),
    }


def hint(section):
    """Return the words under a question's stem: how a part of the right options counts."""
    if section.kind != "multiple_choice":
        return ""
    label, values = kinds.rule_label(section.rule)
    return str(label) % values if values else str(label)


def sections_of(taking):
    """Return [{"heading", "title", "rule", "items"}] for the page in one rendering."""
    bodies, found, last = load_bodies([version_id for version_id, _ in taking.items]), [], None
    for version_id, section_id in taking.items:
        section = section_of(section_id)
        if section_id != last:
            last = section_id
            found.append({"heading": section.heading, "title": section.title, "rule": None, "items": []})
        seed = option_seed(taking.seed, version_id)
        found[-1]["items"].append(_item(version_id, *bodies[version_id], section, seed, taking.shuffle_options))
    return found


def blanks_of(taking):
    """Return [(version id, number of blanks)] by position; 0 blanks where something is chosen instead."""
    bodies = load_bodies([version_id for version_id, _ in taking.items])
    return [(version_id, _blanks(*bodies[version_id])) for version_id, _ in taking.items]


def _blanks(name, body):
    return kinds.get(name).presented(body, 0, shuffle=False)["blanks"]
