"""The Chinese interface is complete: the messages are extracted afresh and compared with the catalogue."""

import re

from babel.messages.pofile import read_po

from app import messages

PLACE = re.compile(r"%\((\w+)\)[sd]")


def catalogue():
    with messages.PO.open("rb") as file:
        return {(m.id if isinstance(m.id, str) else m.id[0], m.context): m for m in read_po(file, locale="zh_Hans_CN") if m.id}


def test_every_message_is_translated():
    known = catalogue()
    missing = []
    for message in messages.extracted():
        if message.id:
            key = (message.id if isinstance(message.id, str) else message.id[0], message.context)
            entry = known.get(key)
            if entry is None or not entry.string or not any(entry.string):
                missing.append(f"{message.locations[:1]} {key[0]!r}")
            elif entry.fuzzy:
                missing.append(f"fuzzy: {key[0]!r}")
    assert not missing, "\n".join(missing)


def test_no_translation_breaks_a_placeholder():
    for (msgid, _), entry in catalogue().items():
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        wanted = set(PLACE.findall(msgid)) | (set(PLACE.findall(entry.id[1])) if not isinstance(entry.id, str) else set())
        for string in strings:
            assert set(PLACE.findall(string)) <= wanted, f"{msgid!r} → {string!r}"
            if isinstance(entry.id, str):
                assert set(PLACE.findall(string)) == wanted, f"{msgid!r} → {string!r}"


def test_the_catalogue_holds_nothing_old():
    fresh = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in messages.extracted() if m.id}
    assert set(catalogue()) <= fresh, set(catalogue()) - fresh
