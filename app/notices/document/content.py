"""What a notice says, in the order in which it is read. HTML, PDF and stored JSON are all made from this.

A Document is fixed once issued: it is stored as JSON and drawn again from it, never composed a second time.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from app.notices.document import headline, qr

FORMAT = 1  # of the stored JSON; a reader refuses what it does not know
# What a column holds -> the class that static/core/document.css styles.
COLUMN_KINDS = {"number": "ordinal", "name": "name", "text": "left", "figure": "score", "remark": "left remark"}


@dataclass(frozen=True)
class Heading:
    """A heading with its own number in the text: level 1 is 一、, level 2 is （一）."""

    text: str
    level: int = 1
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body."""

    text: str
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Closing:
    """The closing words (特此通报。), the last line of the body."""

    text: str
    kind: str = field(default="closing", init=False)


Block = Heading | Paragraph | Closing
BLOCKS: dict[str, type] = {"heading": Heading, "paragraph": Paragraph, "closing": Closing}


@dataclass(frozen=True)
class Attachment:
    """A titled table on pages of its own. `kinds` has one of COLUMN_KINDS for each column; every cell is text."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    note: str = ""

    @property
    def columns(self):
        """Return (header, CSS class) for each column; in a wide table, which scrolls, texts keep to one line as names do."""
        classes = COLUMN_KINDS if self.is_narrow else COLUMN_KINDS | {"text": "left name"}
        return [(header, classes[kind]) for header, kind in zip(self.headers, self.kinds, strict=True)]

    @property
    def is_narrow(self):
        """Whether a phone can show each row as lines: a name, a text, one figure, one remark."""
        return self.kinds.count("figure") <= 1


@dataclass(frozen=True)
class Document:
    """One notice as it is read. All fields are the printed text; an empty one is not printed.

    signer: the body whose name stands above the date (署名). approver: the person who approved the issue (签发人).
    check_url: what the QR code holds. watermark: 草稿, 已撤回 or nothing. state: draft, issued, withdrawn, for whoever shows it.
    """

    issuer_mark: str
    number_text: str
    title: str
    addressee: str
    blocks: tuple[Block, ...]
    signer: str
    date: str
    attachments: tuple[Attachment, ...] = ()
    check_code: str = ""
    check_url: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    approver: str = ""
    watermark: str = ""
    state: str = "draft"

    @property
    def title_phrases(self):
        """Return the title in pieces that a line break must not cut."""
        return headline.phrases(self.title)

    @property
    def qr(self):
        """Return the QR code of `check_url` as (modules per side, SVG path), or None without an address."""
        return qr.path(self.check_url) if self.check_url else None

    @property
    def numbered_attachments(self):
        """Return (label, number, attachment): a single attachment has no number (GB/T 9704-2012, 7.3.4)."""
        if len(self.attachments) == 1:
            return [("附件", "", self.attachments[0])]
        return [(f"附件{n}", f"{n}.", attachment) for n, attachment in enumerate(self.attachments, 1)]

    def to_json(self) -> dict[str, Any]:
        """Return the document as plain lists, dicts and strings, for a JSON column."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Document":
        """Return the document that `to_json` wrote. Raises ValueError for another format."""
        values = dict(stored)
        if values.pop("format", None) != FORMAT:
            raise ValueError("this document was stored in a format that is not known here")
        values["blocks"] = tuple(_block(block) for block in values["blocks"])
        values["attachments"] = tuple(_attachment(attachment) for attachment in values["attachments"])
        return cls(**values)


def _block(stored):
    values = dict(stored)
    return BLOCKS[values.pop("kind")](**values)


def _attachment(stored):
    rows = tuple(tuple(row) for row in stored["rows"])
    return Attachment(**{**stored, "headers": tuple(stored["headers"]), "kinds": tuple(stored["kinds"]), "rows": rows})
