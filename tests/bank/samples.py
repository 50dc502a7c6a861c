"""The real question files that the recogniser is measured on. They lie beside the repository and are not part of it."""

import os
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from python_calamine import CalamineWorkbook

from app.bank.recogniser import recognise_file
from tests.bank import oracles
from tests.bank.oracles import squeeze

FOLDER = Path(__file__).resolve().parents[2].parent / "shared/samples/questions"
REQUIRED = os.environ.get("ZHIZE_REQUIRE_SAMPLES") == "1"


@dataclass
class Measured:
    """How one file was read: `silent` are questions that differ from the truth and carry no problem."""

    name: str
    questions: int
    well_formed: int
    exact: int
    flagged: int  # questions with any problem
    lost: list
    silent: list
    extra: list

    @property
    def percent(self):
        return 100 * self.exact / self.well_formed if self.well_formed else 100.0


def text_of(path, encoding="utf-8-sig"):
    return path.read_bytes().decode(encoding).replace("\r\n", "\n")


def rows_of(path, sheet):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def paragraphs_of(path):
    """The paragraphs of a Word file's body as docx2python reads them."""
    from docx2python import docx2python
    from docx2python.iterators import iter_paragraphs

    with docx2python(path) as document:
        return list(iter_paragraphs(document.body))


# file → (how many questions SOURCES.md counts, its ground truth)
SAMPLES = {
    "maogai_danxiang1.txt": (171, lambda path: oracles.maogai(text_of(path))),
    "maogai_danxiang8.txt": (294, lambda path: oracles.maogai(text_of(path))),
    "maogai_duoxiang2.txt": (48, lambda path: oracles.maogai(text_of(path))),
    "maogai_duoxiang12.txt": (32, lambda path: oracles.maogai(text_of(path))),
    "maogai_duoxiang_gb18030.txt": (798, lambda path: oracles.maogai(text_of(path, "gb18030"))),
    "xz_dangjian_answer.txt": (813, lambda path: oracles.xuzhou(text_of(path))),
    "xz_dangjian_answer1.txt": (813, lambda path: oracles.xuzhou_short(text_of(path))),
    "rubbishmaogai_mg.md": (383, lambda path: oracles.markdown(text_of(path))),
    "party_tiankong_excerpt.txt": (30, lambda path: oracles.tiankong(text_of(path))),
    "maogai2023_4.docx": (79, lambda path: oracles.chaoxing_docx(paragraphs_of(path))),
    "maogai2023_6.docx": (86, lambda path: oracles.chaoxing_docx(paragraphs_of(path))),
    "yanan_tiku.xls": (6, lambda path: oracles.yanan_rows(rows_of(path, "题库"))),
    "stategrid_datiqi_tiku.xlsx": (8500, lambda path: oracles.stategrid_rows(rows_of(path, "Sheet1"))),
    "yanan_tiku_17.json.txt": (17, lambda path: oracles.yanan_json(text_of(path))),
    "zztk_shili.json": (20, lambda path: oracles.zztk_json(text_of(path))),
}
BY_ORDER = {"maogai2023_4.docx", "maogai2023_6.docx", "yanan_tiku_17.json.txt", "zztk_shili.json"}  # truth without our lines


def present():
    """True when the samples are there. Otherwise says loudly what is not checked, or fails when they are required."""
    if FOLDER.is_dir():
        return True
    words = f"NOT CHECKED: the recogniser on {len(SAMPLES)} real files, because {FOLDER} is not there."
    assert not REQUIRED, words
    warnings.warn(words, stacklevel=2)
    return False


def same(truth, question):
    """True when kind, stem, options and key are those of the truth, white space and the width of brackets aside."""
    options = [(option["label"], squeeze(option["text"])) for option in question.options]
    wanted = [(label, squeeze(text)) for label, text in truth.options]
    words = squeeze(question.stem) == squeeze(truth.stem)
    return question.kind == truth.kind and words and options == wanted and question.key == truth.key


def measure(name):
    """Read one sample and compare it with its truth."""
    path = FOLDER / name
    found = recognise_file(name, path.read_bytes()).questions
    truths = SAMPLES[name][1](path)
    pairs = _pairs(name, truths, found)
    matched = {id(question) for _, question in pairs if question is not None}
    exact = [truth for truth, question in pairs if question is not None and truth.well_formed and same(truth, question)]
    silent = [
        (truth, question)
        for truth, question in pairs
        if question is not None and not question.problems and not _right(truth, question)
    ]
    return Measured(
        name,
        len(truths),
        sum(truth.well_formed for truth in truths),
        len(exact),
        sum(1 for question in found if question.problems),
        [truth for truth, question in pairs if question is None],
        silent,
        [question for question in found if id(question) not in matched],
    )


def _pairs(name, truths, found):
    if name in BY_ORDER:
        return [(truth, found[i] if i < len(found) else None) for i, truth in enumerate(truths)]
    by_line = {question.lines[0]: question for question in found}
    return [(truth, by_line.get(truth.line)) for truth in truths]


def _right(truth, question):
    """A question without a problem is right when it equals the truth; one that is not well formed, when a person read the
    same there (oracles.READ_BY_EYE)."""
    return same(truth, question) if truth.well_formed else digest(question) in oracles.READ_BY_EYE


def digest(question):
    """Return a short digest of stem, options and key; the words of the samples are not ours to keep here."""
    words = [squeeze(question.stem), *(squeeze(option["text"]) for option in question.options), *question.key]
    return sha256("\n".join(words).encode()).hexdigest()[:16]


def table(measured):
    """Return the table of docs/recogniser.md as lines."""
    lines = ["| file | questions | well-formed | exact | % | flagged | silently wrong |", "|---|---|---|---|---|---|---|"]
    for m in measured:
        percent = f"{m.percent:.1f}" if m.well_formed else "–"
        lines.append(f"| {m.name} | {m.questions} | {m.well_formed} | {m.exact} | {percent} | {m.flagged} | {len(m.silent)} |")
    well, exact = sum(m.well_formed for m in measured), sum(m.exact for m in measured)
    lines.append(
        f"| **all** | {sum(m.questions for m in measured)} | {well} | {exact} | {100 * exact / well:.1f} "
        f"| {sum(m.flagged for m in measured)} | {sum(len(m.silent) for m in measured)} |"
    )
    return lines
