"""One attempt's exam page: its questions in its own order, options as its seed orders them, inside its sitting's shell."""

from flask import render_template
from flask_babel import force_locale

from app.bank import kinds
from app.exams.page import shell
from app.exams.page.fragments import Fragments
from app.exams.page.stream import pack
from app.exams.queries import versions
from app.exams.queries.versions import Kept, load_bodies, remembered, section_of
from app.exams.rules.paper_order import SPREAD, option_seed, seeds_of
from app.papers.rules import plain as plain_points

MOST_BYTES = 24 * 1024 * 1024  # of pieces, in each process
_fragments = Fragments(MOST_BYTES)
_shells = Kept(200)
AS_AUTHORED = -1  # the seed under which unshuffled questions are kept


def forget():
    """Drop everything kept, here and of the versions: for tests, which empty their tables and start again at id 1."""
    versions.forget()
    for kept in (_fragments, _shells):
        kept.clear()


def pieces(taking, values, look, *, may_render=True):
    """Return the Pieces of the page of `taking` (queries.taking.Taking).

    values: what differs by person, from `shell.values`; look: {"locale", "text_size"} of the reader, which the pieces' keys hold.
    may_render: False gives None when a piece is not at hand yet; rendering needs a Flask request.
    """
    around, middle = _shell(taking, look, may_render), _questions(taking, look["locale"], may_render)
    if around is None or middle is None:
        return None
    return [*around.fill(around.head, values), *middle, *around.fill(around.foot, values)]


def _shell(taking, look, may_render):
    key = (taking.sitting_id, taking.title, len(taking.items), taking.earliest_minutes > 0, *look.values())
    around = _shells.get(key)
    if around is None and may_render:
        sitting = {"title": taking.title, "watch": True}
        with force_locale(look["locale"]):
            made = shell.Shell(sitting, len(taking.items), has_earliest=taking.earliest_minutes > 0, **look)
        around = _shells.put(key, made)
    return around


def _questions(taking, locale, may_render):
    """Return the Pieces between head and foot: sections' headings and questions. None when one is missing and may not be rendered."""
    own, shuffle = seeds_of(taking.seed), taking.shuffle_options
    keys, seeds, last = [], [], None
    for version_id, section_id in taking.items:
        if section_id != last:
            last = section_id
            keys.append((section_id, None, locale))
            seeds.append(0)
        keys.append((section_id, version_id, locale))
        seeds.append(own[version_id % SPREAD] if shuffle else AS_AUTHORED)
    found = _fragments.find(keys, seeds)
    return found if None not in found else _completed(taking, keys, found, may_render)


def _completed(taking, keys, found, may_render):
    """Fill the gaps in `found`: from the same question under another seed that gives the same order, else by rendering it."""
    missing = [place for place, piece in enumerate(found) if piece is None]
    bodies = _bodies([keys[place][1] for place in missing if keys[place][1] is not None], may_render)
    if bodies is None:
        return None
    for place in missing:
        seed, order = _order(taking, keys[place][1], bodies)
        piece = _fragments.with_order(keys[place], seed, order)
        if piece is None and not may_render:
            return None
        found[place] = piece or _fragments.put(keys[place], seed, order, _rendered(keys[place], order, bodies))
    return found


def _bodies(version_ids, may_read):
    known = {version_id: remembered(version_id) for version_id in version_ids}
    if None not in known.values():
        return known
    return load_bodies(version_ids) if may_read else None


def _order(taking, version_id, bodies):
    """Return (seed, the option labels in the order it gives, joined) of a question; (0, "") for a heading."""
    if version_id is None:
        return 0, ""
    name, body = bodies[version_id]
    seed = option_seed(taking.seed, version_id)
    labels = kinds.get(name).option_order(body, seed, taking.shuffle_options)
    return seed if taking.shuffle_options else AS_AUTHORED, "".join(labels)


def _rendered(key, order, bodies):
    section_id, version_id, locale = key
    section = section_of(section_id)
    with force_locale(locale):
        if version_id is None:
            return pack(render_template("exams/_section.html", heading=section.heading, title=section.title, rule=None))
        item = _item(version_id, *bodies[version_id], section, order)
        return pack(render_template("exams/_item.html", item=item, saved=None))


def _item(version_id, name, body, section, labels):
    """Return what a taker sees of a question, its options in the order of the authored `labels`. No key goes in."""
    kind = kinds.get(name)
    shown = kind.presented({**body, "options": _ordered(body, labels)}, 0, shuffle=False)
    return {
        "version_id": version_id, "kind": name, "kind_label": kind.label, "points": plain_points(section.points), "stem": shown["stem"],
        "options": shown["options"], "blanks": shown["blanks"], "hint": hint(section),
    }  # fmt: skip


def _ordered(body, labels):
    options = {option["label"]: option for option in body.get("options") or []}
    return [options[label] for label in labels]


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
        _seed, order = _order(taking, version_id, bodies)
        found[-1]["items"].append(_item(version_id, *bodies[version_id], section, order))
    return found


def blanks_of(taking):
    """Return [(version id, number of blanks)] by position; 0 blanks where something is chosen instead."""
    bodies = load_bodies([version_id for version_id, _ in taking.items])
    return [(version_id, _blanks(*bodies[version_id])) for version_id, _ in taking.items]


def _blanks(name, body):
    return kinds.get(name).presented(body, 0, shuffle=False)["blanks"]
