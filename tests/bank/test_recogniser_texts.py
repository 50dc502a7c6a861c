"""Self-made texts for the ways of writing that the sample files lack: each has beside it what must be recognised.

One line per question: number, kind, key, stem, options, then the codes of its problems; last the problems of the text.
"""

from pathlib import Path

import pytest

from app.bank.recogniser import recognise
from app.bank.recogniser.report import shown_key

TEXTS = sorted(Path(__file__).parent.joinpath("texts").glob("*.txt"))


def summary(recognition):
    """Return the lines of an .expected file for a Recognition."""
    lines = []
    for q in recognition.questions:
        options = "".join(f" | {option['label']} {option['text']}" for option in q.options)
        extras = "".join(f" | {name}={value}" for name, value in _extras(q) if value)
        codes = "".join(f" !{problem.code}@{problem.line}" for problem in q.problems)
        number = q.number if q.number is not None else "-"
        stem = q.stem.replace("\n", "⏎")
        lines.append(f"{number} {q.kind} {shown_key(q) if q.key else '?'} | {stem}{options}{extras}{codes}")
    lines += [f"text !{problem.code}@{problem.line}" for problem in recognition.problems]
    return lines


def _extras(q):
    explanation = q.explanation.replace("\n", "⏎")
    return (("解析", explanation), ("知识点", q.topic), ("难度", q.difficulty), ("出处", q.source), ("分值", q.points))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_is_recognised_as_written_beside_it(path):
    expected = path.with_suffix(".expected").read_text().splitlines()
    assert summary(recognise(path.read_text())) == expected


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(path):
    text = path.read_text()
    assert summary(recognise("\ufeff" + text.replace("\n", "\r\n"))) == summary(recognise(text))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_blank_lines_between_questions_and_spaces_at_line_ends_change_no_words(path):
    text = path.read_text()
    spaced = "\n".join(line + "　 " if line.strip() else line for line in text.split("\n"))
    assert summary(recognise(spaced)) == summary(recognise(text))
