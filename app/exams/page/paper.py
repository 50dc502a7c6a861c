"""One attempt's exam page: its questions in its own order, options as its seed orders them, inside its sitting's shell."""

from flask import render_template
from flask_babel import force_locale

from app.bank import kinds
from app.exams.page import shell
from app.exams.page.fragments import Fragments
from app.exams.page.stream import pack
from app.exams.queries import versions
from app.exams.queries.versions import Kept, load_bodies, section_of
from app.exams.rules.paper_order import option_seed
from app.papers.rules import plain as plain_points

MOST_BYTES = 24 * 1024 * 1024  # of pieces, in each process
_fragments = Fragments(MOST_BYTES)
_shells = Kept(200)
_orders = Kept(4000)


def forget():
    """Drop everything kept, here and of the versions: for tests, which empty their tables and start again at id 1."""
    versions.forget()
    for kept in (_fragments, _shells, _orders):
        kept.clear()


def pieces(taking, values, look):
    """Return the Pieces of the page of `taking` (queries.taking.Taking).

    values: what `shell.values` made; look: {"locale", "text_size"} of the reader, which the pieces' keys hold.
    """
    has_earliest = taking.earliest_minutes > 0
    key = (taking.sitting_id, taking.title, len(taking.items), has_earliest, *look.values())
    around = _shells.get(key)
    if around is None:
        sitting = {"title": taking.title, "watch": True}
        with force_locale(look["locale"]):
            around = _shells.put(key, shell.Shell(sitting, len(taking.items), has_earliest=has_earliest, **look))
    return [*around.fill(around.head, values), *questions(taking, look["locale"]), *around.fill(around.foot, values)]


def questions(taking, locale):
    """Return the Pieces between head and foot: sections' headings and questions."""
    keys = [(*key, locale) for key in _keys(taking)]
    found = _fragments.get_many(keys)
    missing = [place for place, piece in enumerate(found) if piece is None]
    if missing:
        bodies = load_bodies([keys[place][1] for place in missing if keys[place][0] == "item"])
        with force_locale(locale):
            for place in missing:
                found[place] = _fragments.put(keys[place], pack(_rendered(keys[place], bodies)))
    return found


def _keys(taking):
    """Return ("section", id) and ("item", version, section, order of options) in the order of the page."""
    known = _orders.get(taking.id)
    if known is None:
        bodies = load_bodies([version_id for version_id, _ in taking.items])
        known, last = [], None
        for version_id, section_id in taking.items:
            if section_id != last:
                known.append(("section", section_id))
            last = section_id
            name, body = bodies[version_id]
            order = kinds.get(name).option_order(body, option_seed(taking.seed, version_id), taking.shuffle_options)
            known.append(("item", version_id, section_id, "".join(order)))
        _orders.put(taking.id, known)
    return known


def _rendered(key, bodies):
    if key[0] == "section":
        section = section_of(key[1])
        return render_template("exams/_section.html", heading=section.heading, title=section.title, rule=None)
    _, version_id, section_id, order, _locale = key
    name, body = bodies[version_id]
    return render_template("exams/_item.html", item=_item(version_id, name, body, section_of(section_id), order), saved=None)


def _item(version_id, name, body, section, order):
    """Return what a taker sees of a question, its options in the order of the authored labels in `order`. No key goes in."""
    kind = kinds.get(name)
    shown = kind.presented({**body, "options": _ordered(body, order)}, 0, shuffle=False)
    return {
        "version_id": version_id, "kind": name, "kind_label": kind.label, "points": plain_points(section.points), "stem": shown["stem"],
        "options": shown["options"], "blanks": shown["blanks"], "hint": hint(section),
    }  # fmt: skip


def _ordered(body, order):
    options = {option["label"]: option for option in body.get("options") or []}
    return [options[label] for label in order]


def hint(section):
    """Return the words under a question's stem: how a part of the right options counts."""
    if section.kind != "multiple_choice":
        return ""
    label, values = kinds.rule_label(section.rule)
    return str(label) % values if values else str(label)


def sections_of(taking):
    """Return [{"heading", "title", "rule", "items"}] for the page in one rendering."""
    bodies, found = load_bodies([version_id for version_id, _ in taking.items]), []
    for key in _keys(taking):
        if key[0] == "section":
            section = section_of(key[1])
            found.append({"heading": section.heading, "title": section.title, "rule": None, "items": []})
        else:
            _, version_id, section_id, order = key
            found[-1]["items"].append(_item(version_id, *bodies[version_id], section_of(section_id), order))
    return found


def blanks_of(taking):
    """Return [(version id, number of blanks)] by position; 0 blanks where something is chosen instead."""
    bodies = load_bodies([version_id for version_id, _ in taking.items])
    return [(version_id, _blanks(*bodies[version_id])) for version_id, _ in taking.items]


def _blanks(name, body):
    return kinds.get(name).presented(body, 0, shuffle=False)["blanks"]
