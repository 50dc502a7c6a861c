"""Reads a PDF as a clerk with a ruler does: the words of each page, and where on the paper they stand."""

import io
import re
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ContentStream

MM = 72 / 25.4
PAPER_HEIGHT = 297
PAGE_NUMBER = re.compile(r"—(\d+)—")


@dataclass(frozen=True)
class Run:
    """Some characters on one line. left, right and baseline in millimetres from the paper's left and upper edge."""

    left: float
    right: float
    baseline: float
    size: float  # points
    glyphs: int


def read(data):
    return PdfReader(io.BytesIO(data))


def texts(data):
    """Return the text of each page, without white space."""
    return ["".join(page.extract_text().split()) for page in read(data).pages]


def words_of(data, document):
    """Return the document's words as the PDF has them: without page numbers, watermark and repeated table heads."""
    heads = ["".join("".join(attachment.headers).split()) for attachment in document.attachments]
    found = ""
    for number, text in enumerate(texts(data), 1):
        assert f"—{number}—" in text
        text = PAGE_NUMBER.sub("", text)
        if document.watermark:
            assert document.watermark in text
            text = text.replace(document.watermark, "", 1)
        for head in heads:
            if head in found:
                text = text.removeprefix(head)
        found += text
    return found


def runs(page):
    """Return every Run of a page, in the order in which it is drawn."""
    fonts = {name: _widths(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found, origin, font, size = [], (0, 0), None, 0
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"cm":
            origin = (float(operands[4]), float(operands[5]))
        elif operator == b"Tf":
            font, size = operands[0], float(operands[1])
        elif operator in (b"TJ", b"Tj"):
            width, glyphs = _advance(operands[0], fonts[font], size)
            left, baseline = origin[0] / MM, PAPER_HEIGHT - origin[1] / MM
            found.append(Run(left, left + width / MM, baseline, size, glyphs))
    return found


def lines(page):
    """Return the runs of a page joined to lines by their baseline, from top to bottom."""
    by_baseline = {}
    for run in runs(page):
        by_baseline.setdefault(round(run.baseline, 1), []).append(run)
    return [
        Run(min(r.left for r in row), max(r.right for r in row), baseline, max(r.size for r in row), sum(r.glyphs for r in row))
        for baseline, row in sorted(by_baseline.items())
    ]


def rules(page):
    """Return (left, right, height on the paper) of every horizontal line, in millimetres."""
    found, origin, start = [], (0, 0), (0, 0)
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"cm":
            origin = (float(operands[4]), float(operands[5]))
        elif operator == b"m":
            start = (float(operands[0]), float(operands[1]))
        elif operator == b"l" and float(operands[1]) == start[1]:
            left, right = origin[0] + start[0], origin[0] + float(operands[0])
            found.append((left / MM, right / MM, PAPER_HEIGHT - (origin[1] - start[1]) / MM))
    return found


def _advance(shown, widths, size):
    pieces = shown if isinstance(shown, list) else [shown]
    thousandths, glyphs = 0.0, 0
    for piece in pieces:
        if isinstance(piece, (int, float)):
            thousandths -= float(piece)
            continue
        codes = piece if isinstance(piece, bytes) else piece.original_bytes
        for high, low in zip(codes[::2], codes[1::2], strict=True):
            thousandths += widths(high * 256 + low)
            glyphs += 1
    return thousandths * size / 1000, glyphs


def _widths(font):
    """Return a function from glyph to its width in thousandths, from the font's W array."""
    table, entries = {}, list(font["/DescendantFonts"][0].get_object().get("/W", []))
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, list):
            table.update({first + n: float(width) for n, width in enumerate(second)})
        else:
            width = float(entries.pop(0))
            table.update(dict.fromkeys(range(first, int(second) + 1), width))
    return lambda glyph: table.get(glyph, 0.0)
