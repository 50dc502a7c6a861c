"""What is exported and imported again changes nothing, whatever characters names are made of; applying a plan leaves nothing to do."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.people import rules
from app.people.roster import sheet
from app.people.roster.cells import defused, tidy
from app.people.roster.export import rows_of
from app.people.roster.facts import PersonFact, Stored, UnitFact
from app.people.roster.plan import make_plan
from app.people.roster.read import read
from app.people.roster.rows import understand
from app.people.roster.words import CLEARED, LAYOUT

TRICKY = st.sampled_from(
    [
        "=1+1",
        "+86",
        "-1",
        "@sum",
        "'=1",
        "'",
        "_x0041_",
        "_x000D_",
        "0012",
        "1E5",
        "5.0",
        "2026-01-01",
        "TRUE",
        "、",
        "\U00020000",
        "e\u0301",
        '"',
        "&lt;",
        "<b>",
        "a,b;c",
    ]
)
ANYTHING = st.one_of(TRICKY, st.text(max_size=20), st.text("示例赵钱孙李=+-@'0123_x", max_size=12))


def line(longest):
    """A stored line of text: clean, not empty, not the word that empties a cell."""
    return ANYTHING.map(lambda text: tidy(text)[:longest].strip()).map(tidy).filter(lambda text: text and text != CLEARED)


@st.composite
def stores(draw):
    """A tree of a few units with a few people and roles."""
    codes = draw(st.lists(line(40), min_size=1, max_size=4, unique=True))
    units, people, grants = {}, {}, {}
    for number, code in enumerate(codes, 1):
        above = draw(st.integers(1, number - 1)) if number > 1 else None
        path = f"{units[above].path if above else '/'}{number}/"
        kind = draw(st.sampled_from(["bureau", "primary_school", "branch"]))
        units[number] = UnitFact(number, code, draw(line(100)), draw(st.just("") | line(40)), kind, above, path, 1)
    accounts = draw(
        st.lists(
            st.from_regex(r"[a-z0-9][a-z0-9._@\-]{1,9}", fullmatch=True).filter(lambda text: not rules.is_mobile(text)),
            max_size=5,
            unique=True,
        )
    )
    phones = draw(
        st.lists(st.from_regex(r"1[0-9]{10}", fullmatch=True), min_size=len(accounts), max_size=len(accounts), unique=True)
    )
    for number, (account, phone) in enumerate(zip(accounts, phones, strict=True), 101):
        unit = draw(st.integers(1, len(codes)))
        people[number] = PersonFact(
            number, unit, draw(line(50)), account, draw(st.sampled_from([phone, None])), draw(st.sampled_from([None, "a.b@example.org"])),
            draw(st.just("") | line(100)), draw(st.booleans()), 1,
        )  # fmt: skip
        roles = draw(st.sets(st.sampled_from(["administrator", "trainer", "liaison", "grader"])) | st.just({"auditor"}))
        grants[number] = {(role, unit) for role in roles}
    return Stored(units, people, grants)


def as_csv(rows):
    """The rows as a CSV file, its cells defused."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([title for _name, title, _width, _hint in LAYOUT])
    for row in rows:
        writer.writerow([defused(row.get(name, "")) for name, *_rest in LAYOUT])
    return stream.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("whole_phones", [True, False])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stored=stores())
def test_an_export_imported_again_changes_nothing(stored, whole_phones, kind):  # R67, R68
    rows = rows_of(stored, whole_phones=whole_phones)
    data = sheet.export(rows, ["谁于何时导出"]) if kind == "xlsx" else as_csv(rows)
    table = read(f"a.{kind}", data, limited=False)
    understood, problems = understand(table)
    plan = make_plan(table, understood, problems, stored, deactivate_missing=True)
    assert plan.problems == []
    assert not plan.has_work
    assert plan.unchanged == len(stored.people)


def test_no_cell_of_an_export_is_a_formula_for_two_readers():  # R67
    stored = Stored(
        {1: UnitFact(1, "=1+1", "+cmd|' /C calc'!A0", "@x", "bureau", None, "/1/", 1)},
        {101: PersonFact(101, 1, '=HYPERLINK("http://x")', "lin", None, None, "-2+3", True, 1)},
    )
    data = sheet.export(rows_of(stored, whole_phones=True), [])
    page = openpyxl.load_workbook(io.BytesIO(data))[sheet.ROSTER_SHEET]
    assert all(
        one.data_type in {"s", "n"} and (one.value is None or isinstance(one.value, str))
        for row in page.iter_rows()
        for one in row
    )
    values = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet.ROSTER_SHEET).to_python()
    assert values[1][0] == "=1+1"
    assert '=HYPERLINK("http://x")' in values[1]
