"""The recogniser on real files: 97 % of the well-formed questions exactly right, and none wrong without a problem."""

from pathlib import Path

import pytest

from tests.bank import samples

DOCS = Path(__file__).resolve().parents[2] / "docs/recogniser.md"


@pytest.fixture(scope="module")
def measured():
    """All samples, each read once; empty when they are not there (and then said so, loudly)."""
    return [samples.measure(name) for name in samples.SAMPLES] if samples.present() else []


def test_the_counts_agree_with_those_that_came_with_the_files(measured):
    assert {m.name: m.questions for m in measured} == (
        {name: count for name, (count, _) in samples.SAMPLES.items()} if measured else {}
    )


def test_97_percent_of_the_well_formed_questions_are_recognised_exactly(measured, capsys):
    with capsys.disabled():
        print("\n" + "\n".join(samples.table(measured)) if measured else "\nThe recogniser was NOT CHECKED on the real files.")
    assert [(m.name, m.percent) for m in measured if m.percent < 97] == []


def test_no_question_is_wrong_without_a_problem(measured):
    assert [(m.name, truth, question.as_json()) for m in measured for truth, question in m.silent] == []


def test_no_question_is_lost_or_invented(measured):
    assert [(m.name, m.lost, [question.stem for question in m.extra]) for m in measured if m.lost or m.extra] == []


def test_the_documented_table_is_the_measured_one(measured):
    if measured:
        text = DOCS.read_text()
        assert [line for line in samples.table(measured) if line not in text] == []


def test_what_is_broken_in_the_files_is_named(measured):
    if not measured:
        return
    from app.bank.recogniser import recognise_file

    def codes(name):
        found = recognise_file(name, (samples.FOLDER / name).read_bytes())
        return [problem.code for problem in found.all_problems()]

    assert codes("xz_dangjian_answer1.txt").count("missing_options") == 547
    assert codes("rubbishmaogai_mg.md").count("no_key") == 2
    assert codes("maogai2023_4.docx").count("kind_key_conflict") == 2
    assert codes("maogai_duoxiang2.txt").count("glued_stem") == 4  # two places, told on both sides
    grid = codes("stategrid_datiqi_tiku.xlsx")
    assert grid.count("missing_options") == 8500 and "too_many_questions" in grid
