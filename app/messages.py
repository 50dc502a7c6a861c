"""Translations: extract the messages afresh, keep what is translated, say what is missing, compile. `make messages`."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
            "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}  # fmt: skip


def extracted():
    """Return a Catalog of every message in the code and the templates."""
    catalog = Catalog(project="zhize", charset="utf-8")
    sources = [(ROOT / "app", [("**.py", "python")]), (ROOT / "templates", [("**.html", "jinja2")])]
    for folder, methods in sources:
        found = extract_from_dir(folder, method_map=methods, keywords=KEYWORDS, options_map={"**.html": {"silent": "false"}})
        for filename, line, message, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
            catalog.add(message, None, [(f"{folder.name}/{filename}", line)], auto_comments=comments, context=context)
    return catalog


def translated():
    """Return {(msgid, context): string} of what is translated so far."""
    known = {}
    if PO.exists():
        with PO.open("rb") as file:
            for message in read_po(file, locale="zh_Hans_CN"):
                if message.id and message.string and any(message.string):
                    known[_key(message)] = message.string
    return known


def _key(message):
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def merged():
    """Return the fresh Catalog with its translations, and the list of messages without one."""
    known, catalog = translated(), extracted()
    catalog.locale = "zh_Hans_CN"
    missing = []
    for message in list(catalog):
        if not message.id:
            continue
        string = known.get(_key(message))
        if string is None:
            missing.append(message)
        elif isinstance(message.id, str):
            message.string = string if isinstance(string, str) else string[0]
        else:
            message.string = (string,) if isinstance(string, str) else tuple(string)[:1]
    return catalog, missing


def write(catalog):
    """Write the .po as it is kept in the repository."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, omit_header=False, no_location=True)
    lines = [
        line
        for line in buffer.getvalue().decode().splitlines()
        if not line.startswith('"POT-Creation-Date') and not line.startswith('"PO-Revision')
    ]
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("\n".join(lines) + "\n")


def compile_po():
    """Compile the .po beside itself; return the .mo's path."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale="zh_Hans_CN")
    target = PO.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, catalog)
    return target


def main():
    """`python -m app.messages [compile]`."""
    if "compile" not in sys.argv:
        catalog, missing = merged()
        write(catalog)
        for message in missing:
            place = message.locations[0] if message.locations else ("?", 0)
            print(f"no translation: {place[0]}:{place[1]} {message.id!r}")  # noqa: T201
    compile_po()


if __name__ == "__main__":
    main()
