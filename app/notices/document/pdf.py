"""The notice as PDF, laid out by GB/T 9704-2012. What it looks like is in notice.typ beside this file."""

from dataclasses import asdict
from pathlib import Path

from app.core import pdf
from app.notices.document import headline, qr

SOURCE = Path(__file__).with_name("notice.typ")
# How far letters and lines may move (points) so that the date, or the last block of the paper, does not stand alone on
# a page: tighter takes it back, looser takes text over to it, as clerks do and the standard allows (7.3.5.4). `keep`
# takes the whole last paragraph over, for the rare text that cannot be moved by a line.
FITS = (
    {"tracking": 0, "leading": 0, "keep": False},
    {"tracking": -0.35, "leading": -0.6, "keep": False},
    {"tracking": 0, "leading": 0.7, "keep": False},
    {"tracking": -0.6, "leading": -1.3, "keep": False},
    {"tracking": 0, "leading": 2.2, "keep": False},
    {"tracking": 0, "leading": 0, "keep": True},
)
KEPT = 280  # characters, ten lines: the longest paragraph that is taken over whole
AREA = 442.2  # points: 156 mm
SIZES = (14, 12, 10.5, 9)  # of letters in a table, in points: the largest that needs no line break but in long texts
SHORT = 12  # rows: only a short list is set in the largest size
CELL_EDGE = 0.5  # full-width characters on each side of a cell's text
WIDEST = {"number": 4, "name": 14, "text": 12, "remark": 14, "figure": 8}  # full-width characters that count for the size


def notice_pdf(document, *, timestamp):
    """Return the PDF of a Document as bytes. timestamp: aware datetime, the time of issue; it makes the bytes repeat."""
    data = _data(document)
    return pdf.render_pdf(SOURCE, {**data, "fit": _fit(data)}, timestamp=timestamp)


def _fit(data):
    """Return the first of FITS in which nothing stands alone; failing that, the first in which the date does not."""
    dated = None
    paragraphs = [block["text"] for block in data["document"]["blocks"] if block["kind"] == "paragraph"]
    fits = FITS if len(paragraphs[-1] if paragraphs else "") <= KEPT else FITS[:-1]
    for fit in fits:
        pages = pdf.query(SOURCE, {**data, "fit": fit}, "<layout>")[0]
        if pages["date"] == pages["text"] and pages["foot"] == pages["last"]:
            return fit
        if dated is None and pages["date"] == pages["text"]:
            dated = fit
    return dated or FITS[0]


def _data(document):
    return {
        "document": asdict(document),
        "title_lines": headline.lines(document.title),
        "annexes": [
            {"label": label, "number": number, **table_layout(attachment)}
            for label, number, attachment in document.numbered_attachments
        ],
        "qr": qr.svg(document.check_url) if document.check_url else "",
    }


def table_layout(attachment):
    """Return the letters' size in points, and each column's share of the text area's width.

    Numbers, names and figures get what they need on one line; texts share the rest and may take several.
    """
    needed = [_needed(attachment, column) for column in range(len(attachment.headers))]
    least = [min(width, WIDEST[kind]) + 2 * CELL_EDGE for width, kind in zip(needed, attachment.kinds, strict=True)]
    sizes = SIZES if len(attachment.rows) <= SHORT else SIZES[1:]
    size = next((size for size in sizes if sum(least) * size <= AREA), sizes[-1])
    spare = max(0, AREA / size - sum(least))
    wanting = [max(0, need + 2 * CELL_EDGE - width) for need, width in zip(needed, least, strict=True)]
    part = min(1, spare / sum(wanting)) if sum(wanting) else 0
    widths = [width + part * want for width, want in zip(least, wanting, strict=True)]
    return {"size": size, "widths": [width / sum(widths) for width in widths]}


def _needed(attachment, column):
    cells = [attachment.headers[column], *(row[column] for row in attachment.rows)]
    return max(2, *map(headline.width, cells))
