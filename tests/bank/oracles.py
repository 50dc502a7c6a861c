"""Ground truth of the sample files, read by each file's own regular layout; it shares no code with the recogniser.

An oracle returns one Truth per question that a person would count. `well_formed` is False where the file itself is
broken there (an option without its letter, a stem hanging on another line, no options at all): such a question need
not be read exactly, but it has to carry a problem.
"""

import json
import re
from dataclasses import dataclass

LABELS = "ABCDEFGH"

# Questions that are not well formed (an option or a stem over two lines, a letter without its stop) and were still read as a
# person reads them: digests by `samples.digest`, each compared with the file by eye.
READ_BY_EYE = {
    "dd9b854cb7e0746c",
    "6405bd416ac00e53",
    "c60596f7a0579810",
    "0c891c37aa3c7dba",
    "90a4e4e07dd99754",
    "1732630631ef645b",
    "50fb00c65074d615",
    "e4a7db4722d93691",
    "8d201f3a141b818a",
    "16ebd4206bf4d3bc",
    "62d420a12d6dd766",
    "f3ae5917ddb343fc",
}


@dataclass
class Truth:
    """`line` is where the question starts (from 1): the line of a text, the paragraph of a Word file, the row of a sheet."""

    line: int
    kind: str
    stem: str
    options: list  # of (label, text)
    key: list
    well_formed: bool = True


def squeeze(text):
    """One form for comparing words: no white space, half-width brackets; everything else as it is."""
    return re.sub(r"\s+", "", text).replace("（", "(").replace("）", ")")


def of_key(letters):
    return "single_choice" if len(letters) == 1 else "multiple_choice"


# --- maogai_*.txt: "12 .stem (  ) B", options "A .text" one or more to a line

START = re.compile(r"^\s*(?P<n>\d{1,3}|lO|l)\s*[.．，]+\s*(?P<rest>.*)$")
TAIL_KEY = re.compile(r"^(?P<stem>.*[(（].*[)）].*?)\s*(?P<key>[A-D](?:\s*[A-D])*)\s*$")
BRACKET_KEY = re.compile(r"^(?P<a>.*[(（])\s*(?P<key>[A-DＡ-Ｄ]+)\s*(?P<b>[)）]\s*[。.]?)\s*$")
WIDE = str.maketrans("ＡＢＣＤ", "ABCD")


def maogai(text):
    """One block from each numbered line to the next; a block is well formed when it is a stem line with its key, then
    nothing but options A, B, C, D, each opened by its letter and a stop."""
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if _starts(line)]
    found = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        found += _maogai_block(lines, start, end)
    return found


def _starts(line):
    """A number and a stop, and not the beginning of a decimal: the files have no such line."""
    return START.match(line) is not None


def _maogai_block(lines, start, end):
    match = START.match(lines[start])
    body = [line for line in lines[start + 1 : end] if line.strip()]
    glued = _hanging_question(body)
    if glued is not None:  # a second question hangs on an option line: two questions, neither well formed
        return [Truth(start + 1, "", match["rest"], [], [], False), Truth(start + 2 + glued, "", "", [], [], False)]
    stem, key = _stem_and_key(match["rest"].strip())
    options = _options_of(body)
    good = stem is not None and options is not None and all(letter in dict(options) for letter in key) and match["n"].isdigit()
    if not good:
        return [Truth(start + 1, "", stem or match["rest"], [], [], False)]
    return [Truth(start + 1, of_key(key), stem, options, sorted(key))]


def _stem_and_key(rest):
    match = BRACKET_KEY.match(rest)
    if match:
        return match["a"] + match["b"], list(match["key"].translate(WIDE))
    match = TAIL_KEY.match(rest)
    if match:
        return match["stem"].strip(), re.findall("[A-D]", match["key"])
    return None, []


def _options_of(lines):
    """Return [(label, text)] sorted by label when every line begins with a letter and the letters are A to D or A to C; a
    line may hold several, each letter after the first parted from the words before it by a space or not at all."""
    found = []
    for line in lines:
        line = line.strip()
        if not re.match(r"[A-D]\s*[.．]", line):
            return None
        # letters rise by one along a line; a stop right after a letter marks it
        cut = [0]
        letter = line[0]
        for match in re.finditer(r"([A-D])\s*[.．]", line[1:]):
            if ord(match[1]) == ord(letter) + 1:
                cut.append(match.start() + 1)
                letter = match[1]
        for a, b in zip(cut, [*cut[1:], len(line)], strict=True):
            part = line[a:b]
            text = re.sub(r"^[A-D]\s*[.．]\s*", "", part).strip()
            if not text or text.startswith(("：", ".", "．")):
                return None
            found.append((part[0], text))
    labels = sorted(label for label, _ in found)
    if labels not in (list("ABCD"), list("ABC"), list("ABCDE")):
        return None
    if [label for label, _ in found] != labels:
        return sorted(found) if len(set(labels)) == len(labels) else None
    return found


def _hanging_question(body):
    for i, line in enumerate(body):
        if re.search(r"\d{1,3} ?[.．]\D.*[(（]\s*[)）]\s*[A-D](?:\s*[A-D])*\s*$", line) and re.match(r"\s*[CD]", line):
            return i
    return None


# --- xz_dangjian_answer.txt: blocks that end with 正确答案：


def xuzhou(text):
    """Every "正确答案：" line closes a question; its stem is the nearest line above that begins with a number and 、."""
    lines = text.split("\n")
    found, first = [], None
    for i, line in enumerate(lines):
        if re.match(r"\d+、", line):
            first = i
        match = re.match(r"正确答案：(.*)$", line.strip())
        if not match:
            continue
        answer = match[1].strip()
        stem = re.sub(r"^\d+、", "", lines[first]).strip()
        options = [(m[1], m[2].strip()) for m in (re.match(r"([A-H])、(.*)$", row) for row in lines[first:i]) if m]
        if answer in ("对", "错"):
            found.append(Truth(first + 1, "true_false", stem, [], ["true" if answer == "对" else "false"]))
        else:
            found.append(Truth(first + 1, of_key(answer), stem, options, sorted(answer)))
    return found


def xuzhou_short(text):
    """One question to a line, "1.stem-D:words"; those with letters have no options and cannot be well formed."""
    found = []
    for i, line in enumerate(text.split("\n"), 1):
        match = re.match(r"\d+\.(.*)-([A-H]+|对|错):(.*)$", line.strip())
        if match and match[2] in "对错":
            found.append(Truth(i, "true_false", match[1].strip(), [], ["true" if match[2] == "对" else "false"]))
        elif match:
            found.append(Truth(i, of_key(match[2]), match[1], [], sorted(match[2]), False))
    return found


# --- rubbishmaogai_mg.md


def markdown(text):
    """ "### stem", then "- [x]" and "- [ ]" lines up to the next heading."""
    lines = text.split("\n")
    found = []
    for i, line in enumerate(lines):
        if not line.startswith("### "):
            continue
        boxes = []
        for row in lines[i + 1 :]:
            if row.startswith("#"):
                break
            match = re.match(r"- \[([ x])\] (.*)$", row)
            if match:
                boxes.append((match[1] == "x", re.sub(r"^[A-H]\.", "", match[2].strip())))
        key = [LABELS[k] for k, (right, _) in enumerate(boxes) if right]
        options = [(LABELS[k], words) for k, (_, words) in enumerate(boxes)]
        stem = re.sub(r"^\d+、", "", line[4:].strip())  # three stems kept a number, two options a letter, from elsewhere
        found.append(Truth(i + 1, of_key(key), stem, options, key, bool(key)))
    return found


# --- party_tiankong_excerpt.txt


def tiankong(text):
    """ "stem@@@正确答案：answer|answer", one to a line; the empty places are （） or 《》."""
    found = []
    for i, line in enumerate(text.split("\n"), 1):
        if "@@@" not in line:
            continue
        stem, answer = line.split("@@@正确答案：")
        stem = stem.strip().replace("（）", "____").replace("《》", "《____》")
        found.append(Truth(i, "fill_blank", stem, [], [answer.strip().split("|")]))
    return found


# --- Word: paragraphs as docx2python gives them


def chaoxing_docx(paragraphs):
    """ "12、3.stem 【单选题】（1分）", options "A. …", "正确答案: BD"; a question marked 单选 with several letters is broken."""
    found, current = [], None
    for i, words in enumerate(paragraphs, 1):
        head = re.match(r"\d+、\d+\.(.*?)\s*【(单|多)选题】(?:\s*【多选题】)?(?:（1分）)?\s*$", words)
        option = re.match(r"([A-H])\.\s*(.*)$", words)
        answer = re.match(r"正确答案:\s*([A-H]+)\s*$", words)
        if head:
            current = Truth(i, "single_choice" if head[2] == "单" else "multiple_choice", head[1].strip(), [], [])
            found.append(current)
        elif option and current:
            current.options.append((option[1], option[2].strip()))
        elif answer and current:
            current.key = sorted(answer[1])
            current.well_formed = not (current.kind == "single_choice" and len(answer[1]) > 1)
    return found


# --- tables and JSON


def yanan_rows(rows):
    """题库.xls: the head is in the third row; the words of an option carry a letter of their own, that of D a wrong one."""
    found = []
    for number, row in enumerate(rows, 1):
        if number <= 3 or not row[0]:
            continue
        options = [(LABELS[k], re.sub("^[A-D]、", "", str(row[1 + k]))) for k in range(4)]
        key = sorted(row[6].split("|"))
        found.append(Truth(number, of_key(key), re.sub(r"^1、", "", row[0]), options, key))
    return found


def stategrid_rows(rows):
    """题库.xlsx: a stem and letters, nothing to choose from: no question of it is well formed."""
    return [Truth(n, "", str(row[0]), [], [], False) for n, row in enumerate(rows, 1) if n > 1 and str(row[0]).strip()]


def yanan_json(text):
    found = []
    for record in json.loads(text)["context"]:
        options = [(letter, record[f"选项{letter}"].split("、", 1)[1]) for letter in "ABCD"]
        key = sorted(record["答案"].split("|"))
        found.append(Truth(_line_of(text, record["问题"]), of_key(key), record["问题"].split("、", 1)[1], options, key))
    return found


def zztk_json(text):
    found = []
    for record in json.loads(text)["questions"]:
        options = [(option["letter"], option["content"]) for option in record["options"]]
        kind = {"单选题": "single_choice", "多选题": "multiple_choice"}[record["type"]]
        found.append(Truth(_line_of(text, record["question"]), kind, record["question"], options, sorted(record["right_answer"])))
    return found


def _line_of(text, words):
    return text[: text.index(words)].count("\n") + 1
