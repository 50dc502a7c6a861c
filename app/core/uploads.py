"""What an uploaded document really is: by its bytes and its own list of parts, never by its name alone (R57, R58)."""

import io
import zipfile

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal

MB = 1024 * 1024
MOST_BYTES = 20 * MB
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2000, 200 * MB, 100
OFFICE = {"word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
          "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
          "ppt/presentation.xml": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation")}  # fmt: skip


class FileRefused(Refusal):
    status = 422


class TooBig(FileRefused):
    message = _l("The file is too large (at most %(most)s MB).")


class WrongKind(FileRefused):
    message = _l("The file's contents do not agree with its name, or its kind is not accepted. Accepted: PDF, docx, xlsx, pptx.")


class Suspicious(FileRefused):
    message = _l("The file is damaged, encrypted, holds macros or unpacks to too much. It was not stored.")


def document_kind(filename, data):
    """Return (extension, media type) of a PDF or an Office document without macros. Raises a FileRefused."""
    if len(data) > MOST_BYTES:
        raise TooBig(most=MOST_BYTES // MB)
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    kind = ("pdf", "application/pdf") if data.startswith(b"%PDF-") else _office(data)
    if kind is None or kind[0] != extension:
        raise WrongKind
    return kind


def _office(data):
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Suspicious from None
    names = [part.filename for part in parts]
    unpacked, packed = sum(part.file_size for part in parts), max(1, sum(part.compress_size for part in parts))
    odd = any(part.flag_bits & 1 or part.filename.startswith("/") or ".." in part.filename.split("/") for part in parts)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if (
        odd
        or macros
        or len(names) != len(set(names))
        or len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked / packed > MOST_RATIO
    ):
        raise Suspicious
    return next((kind for name, kind in OFFICE.items() if name in names), None)
