"""Word files: paragraphs and tables in order, with automatic numbers, as lines of text; what stands out is noted.

python-docx leaves the numbers of lists out, so this walks the XML itself. Nothing outside the package is opened.
"""

from dataclasses import dataclass, field

from app.bank.problems import Problem
from app.bank.recogniser.readers.archives import Package
from app.bank.recogniser.readers.columns import guess_columns
from app.bank.recogniser.readers.refusals import SourceRefused
from app.bank.recogniser.readers.word_numbers import Numbers, W
from app.bank.recogniser.readers.xml import parse

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
INSIDE = {
    W + name for name in ("ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "moveTo", "dir", "bdo")
} | {MC + "AlternateContent", MC + "Choice"}
PICTURES = {W + "drawing", W + "pict", W + "object"}
SYMBOLS = {
    ("wingdings", 0xFC): "√", ("wingdings", 0xFB): "×", ("wingdings", 0xFE): "√", ("wingdings", 0xFD): "×", ("wingdings", 0x6F): "□", ("wingdings", 0xA8): "□",
    ("wingdings 2", 0x50): "√", ("wingdings 2", 0x4F): "×", ("wingdings 2", 0x52): "√", ("wingdings 2", 0x54): "×", ("symbol", 0xD6): "√", ("symbol", 0xB4): "×",
}  # fmt: skip
BLANK = "____"


@dataclass
class WordText:
    """`marks`: {line: [(start, end, "colour"|"underline"|"bold")]}, places in the line."""

    text: str
    marks: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


@dataclass
class Chunk:
    """Text in one style. A chunk of "\\n" ends a line."""

    text: str
    colour: bool = False
    underline: bool = False
    bold: bool = False


def read_word(data):
    """Return the WordText of a .docx file. Raises SourceRefused."""
    package = Package(data)
    if "word/document.xml" not in package:
        raise SourceRefused("damaged")
    if b"macroEnabled" in package.read("[Content_Types].xml") if "[Content_Types].xml" in package else False:
        raise SourceRefused("macros")
    numbering, styles = (
        parse(package.read(name)) if name in package else None for name in ("word/numbering.xml", "word/styles.xml")
    )
    body = parse(package.read("word/document.xml")).find(W + "body")
    if body is None:
        raise SourceRefused("damaged")
    writer = _Writer(Numbers(numbering, styles))
    writer.blocks(body)
    return WordText("\n".join(writer.lines), writer.marks, writer.problems)


class _Writer:
    """Walks blocks and collects lines."""

    def __init__(self, numbers):
        self.numbers, self.lines, self.marks, self.problems = numbers, [], {}, []

    def blocks(self, parent, depth=0):
        for element in parent.iterchildren() if depth < 40 else ():
            if element.tag == W + "p":
                self.paragraph(element)
            elif element.tag == W + "tbl":
                self.table(element, depth)
            elif element.tag in INSIDE:
                self.blocks(element, depth + 1)

    def paragraph(self, element):
        chunks, label = self.chunks_of(element)
        self.write([Chunk(label), *chunks])
        for box in element.iter(W + "txbxContent"):
            if next(box.iterancestors(MC + "Fallback"), None) is None:
                self.blocks(box, 30)

    def chunks_of(self, element):
        """Return the Chunks of a paragraph and the text of its number."""
        label = self.numbers.label(element.find(W + "pPr"))
        chunks: list[Chunk] = []
        self._collect(element, chunks)
        return _with_blanks(chunks), label

    def _collect(self, parent, chunks, depth=0):
        for element in parent.iterchildren() if depth < 40 else ():
            if element.tag == W + "r":
                self._run(element, chunks)
            elif element.tag in INSIDE:
                self._collect(element, chunks, depth + 1)
            elif element.tag in (M + "oMath", M + "oMathPara"):
                chunks.append(Chunk("".join(element.itertext(M + "t"))))
                self.problems.append(Problem(len(self.lines) + 1, "formula_left_out"))

    def _run(self, run, chunks):
        style = _style(run.find(W + "rPr"))
        for element in run.iterchildren():
            text = _text_of(element)
            if text is not None:
                chunks.append(Chunk(text, *style))
            elif (
                element.tag in PICTURES
                and next(element.iter(W + "txbxContent"), None) is None
                or element.tag == MC + "AlternateContent"
                and next(element.iter(W + "txbxContent"), None) is None
            ):
                self.problems.append(Problem(len(self.lines) + 1, "picture_left_out"))

    def write(self, chunks):
        """Write chunks as one line, or more where they hold line ends; note what stands out."""
        line = ""
        spans: list[tuple[int, int, str]] = []
        for chunk in chunks:
            parts = chunk.text.split("\n")
            for place, part in enumerate(parts):
                if place:
                    self._end_line(line, spans)
                    line, spans = "", []
                spans += [
                    (len(line), len(line) + len(part), how)
                    for how in ("colour", "underline", "bold")
                    if getattr(chunk, how) and part
                ]
                line += part
        self._end_line(line, spans)

    def _end_line(self, line, spans):
        self.lines.append(line)
        if spans:
            self.marks[len(self.lines)] = spans

    def table(self, element, depth):
        """A table with a head of questions becomes questions; any other its rows, one to a line where that can be."""
        rows = [list(row.iter(W + "tc")) for row in element.iter(W + "tr") if next(row.iterancestors(W + "tbl")) is element]
        before = len(self.problems)
        cells = [[self._cell_lines(cell) for cell in row] for row in rows]
        texts = [["\n".join(_plain(chunks) for chunks in lines) for lines in row] for row in cells]
        columns = guess_columns(texts)
        if columns is not None and columns.head + 1 < len(texts):
            self._question_rows(texts, columns)
            return
        del self.problems[before + 200 :]
        for row in cells:
            filled = [[chunks for chunks in lines if _plain(chunks).strip()] for lines in row]
            if all(len(lines) <= 1 for lines in filled):
                joined = [chunk for lines in filled for chunks in lines for chunk in (*chunks, Chunk("\t"))]
                self.write(joined[:-1])
            else:
                for lines in filled:
                    for chunks in lines:
                        self.write(chunks)

    def _cell_lines(self, cell):
        """Return the Chunks of each paragraph in a cell, their numbers in front; tables inside a cell count as paragraphs."""
        found = []
        for paragraph in cell.iter(W + "p"):
            chunks, label = self.chunks_of(paragraph)
            found.append([Chunk(label), *chunks])
        return found

    def _question_rows(self, texts, columns):
        """Write the rows of a table of questions in the plain text that the recogniser reads."""
        for number, row in enumerate(texts[columns.head + 1 :], 1):
            cell = [" ".join(words.split("\n")).strip() for words in row] + [""] * 64
            stem = cell[columns.stem]
            if not stem:
                continue
            kind = f"【{cell[columns.kind]}】" if columns.kind is not None and cell[columns.kind] else ""
            self.lines.append(f"{number}. {kind}{stem}")
            for letter, place in zip("ABCDEFGHIJKL", columns.options, strict=False):
                if cell[place]:
                    self.lines.append(f"{letter}. {cell[place]}")
            if columns.all_options is not None:
                self.lines += [line for line in row[columns.all_options].split("\n") if line.strip()]
            named = (
                ("答案", columns.key),
                ("解析", columns.explanation),
                ("知识点", columns.topic),
                ("难度", columns.difficulty),
                ("出处", columns.source),
            )
            self.lines += [f"{name}：{cell[place]}" for name, place in named if place is not None and cell[place]]


def _plain(chunks):
    return "".join(chunk.text for chunk in chunks)


def _text_of(element):
    """Return the text one child of a run stands for, None when it stands for none."""
    if element.tag == W + "t":
        return (element.text or "").replace("\n", " ")
    if element.tag in (W + "tab", W + "ptab"):
        return "\t"
    if element.tag in (W + "br", W + "cr"):
        return "" if element.get(W + "type") in ("page", "column") else "\n"
    if element.tag == W + "noBreakHyphen":
        return "-"
    if element.tag == W + "sym":
        code = int(element.get(W + "char", "0"), 16) & 0xFF
        return SYMBOLS.get(((element.get(W + "font") or "").lower(), code), "")
    return None


def _style(properties):
    """Return (colour, underline, bold) of run properties; colour is a red, or a highlight."""
    if properties is None:
        return False, False, False
    colour = properties.find(W + "color")
    mark = properties.find(W + "highlight")
    underline, bold = properties.find(W + "u"), properties.find(W + "b")
    red = colour is not None and _is_red(colour.get(W + "val", ""))
    lit = mark is not None and mark.get(W + "val") not in (None, "none", "white")
    lined = underline is not None and underline.get(W + "val", "single") != "none"
    return red or lit, lined, bold is not None and bold.get(W + "val") not in ("0", "false")


def _is_red(value):
    try:
        number = int(value, 16)
    except ValueError:
        return False
    red, green, blue = number >> 16, number >> 8 & 0xFF, number & 0xFF
    return len(value) == 6 and red >= 0xC0 and green <= 0x60 and blue <= 0x60


def _with_blanks(chunks):
    """Replace underlined white space, the way many draw a blank, by `____`; underlined words keep their mark."""
    found, run = [], []
    for chunk in [*chunks, Chunk("")]:
        if chunk.underline and "\n" not in chunk.text:
            run.append(chunk)
            continue
        if run:
            text = "".join(part.text for part in run)
            if not text.strip():
                found.append(Chunk(BLANK) if len(text) > 1 or text in "\t\u3000" else Chunk(text))
            else:
                found += run
            run = []
        found.append(chunk)
    return found
