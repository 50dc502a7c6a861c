"""QR codes as one SVG path: the page draws it inline, the PDF as an image; neither needs a style attribute."""

import io

import segno

QUIET = 2  # modules of white on each side; the paper round it is white as well


def path(text):
    """Return (modules per side with the quiet zone, path data in module units) for `text`."""
    code = segno.make(text, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix]
    parts = [f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)]
    return len(rows) + 2 * QUIET, "".join(parts)


def svg(text):
    """Return a whole SVG file for `text`."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=QUIET, xmldecl=False)
    return out.getvalue().decode()


def _runs(row):
    """Yield (start, length) of each run of dark modules."""
    start = None
    for x, dark in enumerate(row + b"\0"):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
