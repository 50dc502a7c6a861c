"""Characters: what is dropped, and the folded twin of a line in which widths and look-alikes are one.

A folded line has exactly the length of the line it came from, so a place found in one is the same
place in the other: patterns run on the folded line, words are taken from the original.
"""

import re
import unicodedata

ESCAPED = "\ue000"  # stands in the folded line where a backslash took a character's meaning away

_SAME = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_SAME |= dict.fromkeys(
    "\t\x0b\x0c\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    " ",
)
_SAME |= dict.fromkeys("—–―‐‑‒−─━－", "-") | dict.fromkeys("～∼〜˜", "~")
_SAME |= (
    dict.fromkeys("∶︰﹕꞉", ":") | dict.fromkeys("﹒․", ".") | dict.fromkeys("﹐", ",") | dict.fromkeys("﹑､", "、") | {"｡": "。"}
)
_SAME |= dict.fromkeys("〔﹝［", "[") | dict.fromkeys("〕﹞］", "]") | dict.fromkeys("﹙❨⁽", "(") | dict.fromkeys("﹚❩⁾", ")")
_SAME |= dict.fromkeys("〖", "【") | dict.fromkeys("〗", "】") | dict.fromkeys("﹍﹎﹏", "_")
_SAME |= dict.fromkeys("✓✔☑✅√", "√") | dict.fromkeys("✗✘✕✖❌╳☒×", "×")
_SAME |= dict(zip("АВСЕНАВЕТХΑΒΕΗΤΧ", "ABCEHABETXABEHTX", strict=True)) | {"С": "C", "Ⅰ": "I"}
FOLD = {ord(one): other for one, other in _SAME.items()}

INVISIBLE = dict.fromkeys([*range(0x200B, 0x200E), 0x2060, 0xFEFF, 0xAD, 0xFFFC, 0x180E])  # no width, no meaning
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff\ue000]")
BACKSLASH = re.compile(r"\\([^0-9A-Za-z])")


def fold(text):
    """Return the folded twin of a line: same length, one width, plain spaces and dashes."""
    return text.translate(FOLD)


def past(pattern, text, start=0):
    """Return the place behind what a compiled pattern matches at `start`; `start` itself when it matches nothing."""
    match = pattern.match(text, start)
    return match.end() if match is not None else start


def clean(text):
    """Return (text, lines): line ends as "\\n", NFC, without control, invisible or direction-changing characters;
    `lines` are the numbers of lines that held control or direction-changing ones (R55)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE)
    lines = []
    if CONTROL.search(text) or BIDI.search(text):
        lines = [i for i, line in enumerate(text.split("\n"), 1) if CONTROL.search(line) or BIDI.search(line)]
        text = BIDI.sub("", CONTROL.sub("", text))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text, lines


def unescape(raw):
    """Return (raw, folded) of a line with backslashes: each takes the meaning from the character after it.

    `1\\.` is not a question number and `A\\.` not an option. A backslash before a Latin letter or digit stays (`\\frac`).
    """
    plain = BACKSLASH.sub(lambda match: match.group(1), raw)
    folded = list(fold(plain))
    for taken, match in enumerate(BACKSLASH.finditer(raw)):
        folded[match.start() - taken] = ESCAPED
    return plain, "".join(folded)


def escape(text):
    """Return `text` with every character that could mean something to the recogniser behind a backslash."""
    return "".join(f"\\{char}" if _has_meaning(char) else char for char in text)


def _has_meaning(char):
    return char != "\n" and unicodedata.category(char)[0] != "L" and not (char.isascii() and char.isdigit())
