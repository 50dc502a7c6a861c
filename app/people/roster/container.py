"""What an uploaded roster really is: by its bytes, not its name (R57); a workbook's archive is measured before and while it is read (R58)."""

import io
import zipfile

from app.people.roster.problems import FileRefused

MB = 1024 * 1024
MOST_BYTES = 10 * MB
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2000, 200 * MB, 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TEXT_NAMES = {"csv", "txt", "tsv"}


def kind_of(filename, data):
    """Return "xlsx", "xls" or "csv". Raises FileRefused: too_big, wrong_kind, encrypted, damaged."""
    if len(data) > MOST_BYTES:
        raise FileRefused("too_big", most=MOST_BYTES // MB)
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    kind = _by_content(data)
    if kind != ("csv" if extension in TEXT_NAMES else extension):
        raise FileRefused("wrong_kind")
    return kind


def _by_content(data):
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise FileRefused("encrypted")
        return "xls"
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    text_like = data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in data
    if not text_like or data.lstrip()[:1] == b"<":
        raise FileRefused("wrong_kind")  # binary, or a web page that calls itself .xls
    return "csv"


def _workbook(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _measure(parts)
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise FileRefused("wrong_kind")
            _count_again(archive, parts)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise FileRefused("damaged") from None
    return "xlsx"


def _measure(parts):
    names = [part.filename for part in parts]
    unpacked, packed = sum(part.file_size for part in parts), max(1, sum(part.compress_size for part in parts))
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("encrypted")
    odd = any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if (
        odd
        or macros
        or len(set(names)) < len(names)
        or len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked / packed > MOST_RATIO
    ):
        raise FileRefused("damaged")


def _count_again(archive, parts):
    """Read every part through, because stated sizes may lie; refuse declarations that XML entities come from (R59)."""
    left = MOST_UNPACKED
    for part in parts:
        with archive.open(part) as stream:
            head = stream.read(MB)
            if part.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in head or b"<!ENTITY" in head):
                raise FileRefused("damaged")
            chunk = head
            while chunk:
                left -= len(chunk)
                if left < 0:
                    raise FileRefused("damaged")
                chunk = stream.read(MB)
