"""The notice as PDF, laid out by GB/T 9704-2012. What it looks like is in notice.typ beside this file."""

from dataclasses import asdict
from pathlib import Path

from app.core import pdf
from app.notices.document import headline, qr

SOURCE = Path(__file__).with_name("notice.typ")
# Looser to tighter: how far letters and lines may move so that the date does not stand alone on a page. The standard
# lets the clerk do so (7.3.5.4); `keep` takes the last paragraph over to the date's page when moving does not help.
FITS = (
    {"tracking": 0, "leading": 0, "keep": False},
    {"tracking": -0.35, "leading": -0.6, "keep": False},
    {"tracking": -0.6, "leading": -1.3, "keep": False},
    {"tracking": 0, "leading": 0, "keep": True},
)
AREA = 442.2  # points: 156 mm
SIZES = (14, 12, 10.5, 9)  # of letters in a table, in points: the largest that needs no line break
CELL_EDGE = 0.5  # full-width characters on each side of a cell's text
WIDEST = {"number": 4, "name": 14, "text": 18, "remark": 18, "figure": 8}  # full-width characters


def notice_pdf(document, *, timestamp):
    """Return the PDF of a Document as bytes. timestamp: aware datetime, the time of issue; it makes the bytes repeat."""
    data = _data(document)
    for fit in FITS:
        data["fit"] = fit
        layout = pdf.query(SOURCE, data, "<layout>")[0]
        if layout["date"] == layout["text"]:
            break
    return pdf.render_pdf(SOURCE, data, timestamp=timestamp)


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
    """Return the letters' size in points, and for each column the width it needs in full-width characters."""
    widths = []
    for index, (header, kind) in enumerate(zip(attachment.headers, attachment.kinds, strict=True)):
        cells = [header, *(row[index] for row in attachment.rows)]
        needed = max(headline.width(cell) for cell in cells)
        widths.append(min(max(needed, 2), WIDEST[kind]) + 2 * CELL_EDGE)
    size = next((size for size in SIZES if sum(widths) * size <= AREA), SIZES[-1])
    return {"size": size, "widths": widths}
