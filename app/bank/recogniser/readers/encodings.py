"""Which characters a text file is written in: UTF-8, UTF-16, GB18030 or Big5, the last two told apart by how common
the characters are that come out."""

import codecs

from app.bank.problems import Problem
from app.bank.recogniser.readers.refusals import SourceRefused

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PLAUSIBLE = 0.6  # share of common characters below which an encoding is not believed
SURE = 0.85
SAMPLE = 20_000  # characters looked at


def decode(data):
    """Return (text, problems). Raises SourceRefused when no encoding gives a plausible text."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return _strict(data, name), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    if b"\0" in data[:4096]:
        return _utf16(data)
    return _chinese(data)


def _strict(data, name):
    try:
        return data.decode(name).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise SourceRefused("encoding_unknown") from error


def _utf16(data):
    """UTF-16 without a mark: the zero bytes of ASCII characters stand at odd places (LE) or even ones (BE)."""
    head = data[:4096]
    odd, even = head[1::2].count(0), head[::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(odd, even) < 5 * min(odd, even) or len(data) % 2:
        raise SourceRefused("encoding_unknown")
    text = _strict(data, name)
    if _common(text[:SAMPLE], "gb18030") < PLAUSIBLE:
        raise SourceRefused("encoding_unknown")
    return text, [Problem(1, "encoding_guessed", {"encoding": name.upper()})]


def _chinese(data):
    found = []
    for name in ("gb18030", "big5hkscs"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        found.append((_common(text[:SAMPLE], name), name, text))
    if not found or max(found)[0] < PLAUSIBLE:
        raise SourceRefused("encoding_unknown")
    share, name, text = max(found)
    sure = name == "gb18030" and share >= SURE
    shown = {"gb18030": "GB18030", "big5hkscs": "Big5"}[name]
    return text, [] if sure else [Problem(1, "encoding_guessed", {"encoding": shown})]


def _common(text, name):
    """Return the share of the characters outside ASCII that every writer uses: level-one ideographs and punctuation."""
    wide = [char for char in text if char > "\x7f"]
    if not wide:
        return 1.0
    return sum(_is_common(char, name) for char in wide) / len(wide)


def _is_common(char, name):
    if char in "，。、；：？！“”‘’（）《》【】—…·　％￥" or "！" <= char <= "～":
        return True
    if not "一" <= char <= "鿿":
        return False
    try:
        if name == "gb18030":
            code = char.encode("gb2312")
            return 0xB0 <= code[0] <= 0xD7
        code = char.encode("big5")
        return 0xA4 <= code[0] <= 0xC6
    except UnicodeEncodeError:
        return False
