"""Finding things in a page by the simple selectors: `find(page, "li.key b")`."""

import re

from lxml import html

STEP = re.compile(r"(?P<tag>[a-z0-9]*)(?P<rest>(?:[.#][\w-]+|\[[^\]]+\])*)")
PIECE = re.compile(r"\.(?P<cls>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<name>[\w-]+)(?:=(?P<value>[^\]]+))?\]")


def tree(answer):
    """Return the element tree of an answer."""
    return html.fromstring(answer.text)


def find(page, selector):
    """Return the elements for a selector of tags, .classes, #ids, [names] and [names=values], spaces and commas."""
    return [found for one in selector.split(",") for found in page.xpath(".//" + "//".join(map(_xpath, one.split())))]


def _xpath(step):
    match = STEP.fullmatch(step)
    conditions = []
    for piece in PIECE.finditer(match["rest"]):
        if piece["cls"]:
            conditions.append(f"contains(concat(' ', @class, ' '), ' {piece['cls']} ')")
        elif piece["id"]:
            conditions.append(f"@id='{piece['id']}'")
        else:
            conditions.append(f"@{piece['name']}='{piece['value']}'" if piece["value"] is not None else f"@{piece['name']}")
    return (match["tag"] or "*") + "".join(f"[{condition}]" for condition in conditions)
