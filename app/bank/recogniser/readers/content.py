"""What a file is, by its content (R57); its name must agree."""

import re

from app.bank.recogniser.readers.archives import Package
from app.bank.recogniser.readers.refusals import SourceRefused

LARGEST = 20 * 1024 * 1024
WORD, EXCEL, OLD_EXCEL, OLD_WORD, TEXT, JSON = "docx", "xlsx", "xls", "doc", "txt", "json"
AGREES = {
    "docx": {WORD},
    "xlsx": {EXCEL},
    "xls": {OLD_EXCEL},
    "doc": {OLD_WORD},
    "txt": {TEXT, JSON},
    "md": {TEXT},
    "markdown": {TEXT},
    "text": {TEXT, JSON},
    "csv": {TEXT},
    "json": {JSON},
    "": {WORD, EXCEL, OLD_EXCEL, OLD_WORD, TEXT, JSON},
}
SIGNS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"\x1f\x8b", "GZ"),
    (b"RIFF", "WEBP"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(filename, data):
    """Return WORD, EXCEL, OLD_EXCEL, OLD_WORD, JSON or TEXT. Raises SourceRefused for anything else, or a name that says otherwise."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise SourceRefused("empty_file")
    if len(data) > LARGEST:
        raise SourceRefused("file_too_large", size=f"{len(data) / 1024 / 1024:.1f}", limit=LARGEST // 1024 // 1024)
    extension = extension_of(filename)
    if extension not in AGREES:
        raise SourceRefused("kind_unknown", kind="." + extension)
    found = _by_content(data)
    if found not in AGREES[extension]:
        if found == OLD_WORD:
            raise SourceRefused("old_word")
        raise SourceRefused("kind_mismatch", extension="." + extension, found=found)
    return found


def extension_of(filename):
    """Return the letters after the last dot of a name, small; "" without one."""
    match = re.search(r"\.([0-9A-Za-z]{1,10})$", filename.strip())
    return match.group(1).lower() if match else ""


def _by_content(data):
    if data.startswith(b"PK\x03\x04"):
        return _package_kind(data)
    if data.startswith(OLE):
        return _compound_kind(data)
    for sign, name in SIGNS:
        if data.startswith(sign) and (name not in ("EXE", "WEBP") or b"\0" in data[:512]):
            raise SourceRefused("kind_unknown", kind=name)
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise SourceRefused("kind_unknown", kind="HTML" if b"html" in head else "XML")
    return JSON if head[:1] in b"{[" and head[:1] and _is_json(head) else TEXT


def _is_json(head):
    return re.match(rb"[\[{]\s*(?:[\"{\[}\]]|$)", head) is not None


def _package_kind(data):
    package = Package(data)
    if "word/document.xml" in package:
        return WORD
    if "xl/workbook.xml" in package or "xl/workbook.bin" in package:
        return EXCEL
    raise SourceRefused("kind_unknown", kind="ZIP")


def _compound_kind(data):
    """An OLE file: the names of its streams tell what made it."""
    if _stream("EncryptedPackage") in data:
        raise SourceRefused("encrypted")
    if _stream("WordDocument") in data:
        return OLD_WORD
    if _stream("Workbook") in data or _stream("Book") in data:
        return OLD_EXCEL
    raise SourceRefused("kind_unknown", kind="OLE")


def _stream(name):
    return name.encode("utf-16-le")
