"""PDF from a typst source and plain data. Data goes in as JSON only, never as typst source (R63).

Fonts are looked for in `fonts/` (licensed ones that an administrator puts there), then in the data folder's `fonts/`
(free ones, fetched when the app was set up), then in the font package that ships with the dependencies, which is
always there. So a document always comes out; with more fonts it comes out as the standard wants it. Whatever else lies
in the first two folders is asked last: so a font with a rare character only has to be put there.
"""

import importlib.util
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import structlog
import typst
from flask import current_app

from app.config import ROOT

log = structlog.get_logger()

STANDARD: Literal["a-2b"] = "a-2b"  # for archives
SUFFIXES = {".otf", ".otc", ".ttf", ".ttc"}
SHIPPED = "Noto Sans CJK SC"
# role -> (families, best first; weight). The last resort of each role is added in `faces`.
ROLES = {
    "title": (("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong"), 400),
    "body": (("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong", "FandolFang R"), 400),
    "hei": (("SimHei", "黑体", "STHeiti", "FandolHei"), 400),
    "kai": (("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "STKaiti", "FandolKai"), 400),
    "song": (("SimSun", "宋体", "STSong", "FandolSong"), 400),
}
BOLD_WITHOUT = {"title", "hei"}  # told apart by weight when their own face is missing
FALLBACKS = ("Noto Serif CJK SC", SHIPPED)
SIBLINGS = ("Noto Serif CJK", "Noto Sans CJK", "Noto Sans Mono CJK")  # other countries' forms, in the same files
LATIN = "Libertinus Serif"  # comes with typst; its digits are as light as 仿宋 and 楷体, whose own are not
LATIN_BESIDE = {"body", "kai"}
_lock = threading.Lock()


class PdfError(RuntimeError):
    """The source and the data do not make a document: a bug, or a broken installation."""


def render_pdf(source_path, data, *, timestamp):
    """Return the bytes of a PDF/A-2b document; the same source, data, fonts and time give the same bytes.

    data: what JSON can hold; the source reads it from `sys.inputs.data`, with `fonts` (see `faces`) added.
    timestamp: aware datetime. A character that no font has would break the archive standard: then the document comes
    out as plain PDF, with a box in its place. Raises PdfError.
    """
    fonts, inputs = _prepared(data)
    options: dict[str, Any] = {
        "root": Path(source_path).parent,
        "font_paths": fonts,
        "ignore_system_fonts": True,
        "sys_inputs": inputs,
    }
    options |= {"format": "pdf", "timestamp": int(timestamp.timestamp())}
    try:
        return typst.compile(str(source_path), pdf_standards=STANDARD, **options)
    except RuntimeError as error:
        if "PDF/A" not in str(error):
            raise PdfError(str(error)) from error
        log.warning("pdf is no archive file", source=Path(source_path).name, why=str(error).split(":")[0])
    try:
        return typst.compile(str(source_path), **options)
    except RuntimeError as error:
        raise PdfError(str(error)) from error


def query(source_path, data, label):
    """Return the values of the metadata that carry `label` once the document is laid out, as a list."""
    fonts, inputs = _prepared(data)
    try:
        found = typst.query(
            str(source_path), label, field="value", root=Path(source_path).parent, font_paths=fonts, ignore_system_fonts=True,
            sys_inputs=inputs,
        )  # fmt: skip
    except RuntimeError as error:
        raise PdfError(str(error)) from error
    return json.loads(found)


def _prepared(data):
    fonts, chosen = _loaded()
    return fonts, {"data": json.dumps({**data, "fonts": chosen}, ensure_ascii=False)}


def font_folders():
    """Return the folders that exist of those where fonts are looked for, best first."""
    data = Path(current_app.extensions["settings"].data_dir) if current_app else ROOT / "var"
    return tuple(folder for folder in (ROOT / "fonts", data / "fonts", _shipped_folder()) if folder and folder.is_dir())


@lru_cache(maxsize=1)
def _shipped_folder():
    package = importlib.util.find_spec("manimgx_fonts_cjk")
    return Path(package.origin).parent if package and package.origin else None


def _loaded():
    """Return (typst's fonts, faces): read once, and again only when files come or go, as they do while being fetched."""
    folders = font_folders()
    files = tuple((str(file), file.stat().st_mtime_ns) for folder in folders for file in _font_files(folder))
    with _lock:  # two threads that start together would both read 100 MB of fonts
        return _read(folders, files)


def _font_files(folder):
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())


@lru_cache(maxsize=1)
def _read(folders, files):
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))
    return fonts, faces(fonts)


def faces(fonts):
    """Return, for each role, the families that are there, best first, and the weight to ask for."""
    found = set(fonts.families())
    shipped = {font.family for font in fonts.fonts() if not font.path or Path(font.path).parent == _shipped_folder()}
    named = {family for families, _ in ROLES.values() for family in families}
    others = sorted(family for family in found - shipped - named if not family.startswith(SIBLINGS))
    chosen = {}
    for role, (families, weight) in ROLES.items():
        own = [family for family in families if family in found]
        rest = [family for family in FALLBACKS if family in found]
        latin = [{"name": LATIN, "covers": "latin-in-cjk"}] if role in LATIN_BESIDE and own else []
        chosen[role] = {"families": latin + own[:1] + rest + others, "weight": weight if own or role not in BOLD_WITHOUT else 700}
    return chosen


def font_report():
    """Return what was found, for the administrator: folders, and for each role its family and whether it is its own.

    {"folders": [...], "roles": {"body": {"family": "FandolFang R", "own": True}, …}, "complete": bool}; a family is
    None when there is no Chinese font at all.
    """
    roles = {}
    for role, chosen in _loaded()[1].items():
        family = next((family for family in chosen["families"] if isinstance(family, str)), None)
        roles[role] = {"family": family, "own": family in ROLES[role][0] or (role == "title" and family == FALLBACKS[0])}
    complete = all(entry["own"] for entry in roles.values())
    return {"folders": [str(folder) for folder in font_folders()], "roles": roles, "complete": complete}
