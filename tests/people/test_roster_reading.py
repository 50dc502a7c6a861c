"""Reading roster files: kinds, encodings, headings, what Excel does to cells, and files made to harm."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.people.roster import cells, child, sheet
from app.people.roster.cells import cell, defused, tidy, undefused
from app.people.roster.problems import FILE_TEXTS, TEXTS, FileRefused
from app.people.roster.read import MOST_ROWS, read, workbook_rows
from app.people.roster.rows import understand
from app.people.roster.words import LAYOUT, field_of

HEAD = "单位代码,单位名称,姓名,账号,手机号,职务\n"
LINE = "0101,示例一中,林知远,lin,13800000012,支部书记\n"


def refused(filename, data, **options):
    with pytest.raises(FileRefused) as refusal:
        read(filename, data, **options)
    assert refusal.value.code in FILE_TEXTS
    return refusal.value.code


def workbook(rows, sheets=1):
    """Bytes of an .xlsx with these rows on its last sheet; the others hold a note."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for _ in range(sheets - 1):
        book.add_worksheet().write(0, 0, "说明")
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, place, value, book.add_format({"num_format": "yyyy-mm-dd"}))
            elif value is not None:
                page.write(number, place, value)
    book.close()
    return stream.getvalue()


def rows_of(filename, data):
    table = read(filename, data, limited=False)
    return understand(table)


class TestKinds:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_csv_in_the_usual_encodings(self, encoding):
        rows, problems = rows_of("名单.csv", (HEAD + LINE).encode(encoding))
        assert problems == []
        assert (rows[0].name, rows[0].unit_code, rows[0].number) == ("林知远", "0101", 2)

    @pytest.mark.parametrize("delimiter", ["\t", ";"])
    def test_csv_with_other_delimiters(self, delimiter):
        rows, _ = rows_of("a.csv", (HEAD + LINE).replace(",", delimiter).encode())
        assert rows[0].account == "lin"

    def test_a_workbook(self):
        rows, problems = rows_of("a.xlsx", workbook([HEAD.strip().split(","), LINE.strip().split(",")]))
        assert problems == []
        assert rows[0].phone == "13800000012"

    def test_the_sheet_with_the_headings_is_found_behind_others(self):
        rows, _ = rows_of("a.xlsx", workbook([HEAD.strip().split(","), LINE.strip().split(",")], sheets=3))
        assert rows[0].name == "林知远"

    @pytest.mark.parametrize(
        ("filename", "data"),
        [("a.xlsx", HEAD.encode()), ("a.csv", b"PK\x03\x04 not a zip"), ("a.csv", b"a\0b"), ("a.xls", b"<html><table>")],
    )
    def test_the_contents_decide_not_the_name(self, filename, data):  # R57
        assert refused(filename, data) in {"wrong_kind", "damaged"}

    def test_a_csv_that_is_no_text(self):
        assert refused("a.csv", b"\xff\xff\x81\x30\xff" * 9) == "encoding"

    def test_an_encrypted_workbook_is_named_as_such(self):
        data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        assert refused("a.xls", data) == "encrypted"

    def test_too_large(self):  # R57
        assert refused("a.csv", bytes(10 * 1024 * 1024 + 1)) == "too_big"


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "field"),
        [
            ("单位编码", "unit_code"),
            ("单 位", "unit_name"),
            ("姓名*", None),
            ("姓名（必填）", "name"),
            ("工号", "account"),
            ("人员编号", "account"),
            ("手机号：", "phone"),
            ("电子邮箱", "email"),
            ("职位", "position"),
            ("备注", None),
            ("E-Mail", "email"),
        ],
    )
    def test_synonyms(self, heading, field):
        assert field_of(heading) == (field or ("name" if "*" in heading else None))

    def test_the_headings_may_stand_below_a_title(self):
        rows, _ = rows_of("a.csv", ("示例市人员名单,,\n\n" + HEAD + LINE).encode())
        assert rows[0].number == 4

    def test_columns_in_any_order_and_unknown_ones_are_passed_over(self):
        table = read("a.csv", "备注,账号,序号,姓名\n好,lin,1,林知远\n".encode())
        assert table.ignored == ["备注", "序号"]
        assert table.rows[0][1]["name"].text == "林知远"

    def test_no_headings(self):
        assert refused("a.csv", "林知远,lin\n何以安,he\n".encode()) == "no_header"

    def test_headings_without_rows(self):
        assert refused("a.csv", HEAD.encode()) == "empty"
        assert refused("a.csv", b"") == "empty"

    def test_two_columns_with_one_meaning(self):
        assert refused("a.csv", "姓名,账号,工号\n林,a1,b2\n".encode()) == "double_column"

    def test_too_many_rows_and_columns(self):  # R57
        assert refused("a.csv", ("姓名,账号\n" + "林,a\n" * (MOST_ROWS + 11)).encode()) == "too_many_rows"
        assert refused("a.csv", ("姓名,账号" + ",x" * 63 + "\n").encode()) == "too_many_columns"


class TestCells:
    @pytest.mark.parametrize(
        ("value", "text", "kind", "exact"),
        [
            (5.0, "5", "number", True),
            (13800000012.0, "13800000012", "number", True),
            (1.5, "1.5", "number", True),
            (1e15, "1000000000000000", "number", False),
            (True, "是", "logical", True),
            ("　林\u200b知远 ", "林知远", "text", True),
            (None, "", "text", True),
            ("\u202e\x00x\ny", "x y", "text", True),
        ],
    )
    def test_what_excel_hands_over_becomes_clean_text(self, value, text, kind, exact):  # R55
        assert cell(value) == cells.Cell(text, kind, exact)

    def test_numbers_dates_and_shortened_numbers_are_told_with_their_place(self):  # R55, R62
        data = workbook(
            [
                ["姓名", "账号", "手机号", "邮箱"],
                ["林", 12345.0, 13800000012.0, "lin@example.org"],
                ["何", date(2026, 3, 1), "1.38E+10", "x"],
                ["温", 1234567890123456.0, "1380000001", "a@b.cn"],
            ]
        )
        rows, problems = rows_of("a.xlsx", data)
        assert (rows[0].account, rows[0].phone) == ("12345", "13800000012")
        assert [(one.row, one.column, one.code) for one in problems] == [
            (3, "account", "is_date"), (3, "phone", "scientific"), (3, "email", "email_form"), (4, "account", "precision"), (4, "phone", "phone_digits"),
        ]  # fmt: skip

    @given(st.text())
    def test_tidying_twice_changes_nothing(self, text):  # R55
        once = tidy(text)
        assert tidy(once) == once
        assert "\x00" not in once
        assert "\u202e" not in once

    @given(st.text(max_size=30))
    def test_a_defused_cell_comes_back_as_it_was(self, text):  # R67
        assert undefused(defused(text)) == text

    @pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "＝1", "'=1", ' "=1', "\t=1", "\r=1"])
    def test_would_be_formulas_are_defused(self, text):  # R67
        assert defused(text).startswith("'")


class TestHostileFiles:
    def archive(self, parts, **options):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **options) as out:
            for name, data in parts:
                out.writestr(name, data)
        return stream.getvalue()

    def patched(self, name, change):
        """A real workbook with one part changed."""
        source = zipfile.ZipFile(io.BytesIO(workbook([["姓名", "账号"], ["林", "lin"]])))
        return self.archive(
            [(part, change(source.read(part)) if part == name else source.read(part)) for part in source.namelist()]
        )

    def test_a_bomb_is_refused_before_it_is_unpacked(self):  # R58
        data = self.archive([("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"0" * 30_000_000)])
        assert refused("a.xlsx", data) == "damaged"

    @pytest.mark.parametrize("name", ["../../etc/x", "/etc/x", "xl/vbaProject.bin"])
    def test_odd_names_and_macros_are_refused(self, name):  # R58
        assert refused("a.xlsx", self.archive([("xl/workbook.xml", b"<x/>"), (name, b"x")])) == "damaged"

    def test_too_many_parts_are_refused(self):  # R58
        assert (
            refused("a.xlsx", self.archive([("xl/workbook.xml", b"<x/>"), *((f"p{n}", b"") for n in range(2001))])) == "damaged"
        )

    def test_entities_are_refused(self):  # R59
        data = self.patched("xl/sharedStrings.xml", lambda old: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + old)
        assert refused("a.xlsx", data) == "damaged"

    def test_a_cell_in_the_last_corner_ends_in_a_refusal_and_not_in_all_memory(self):  # R58, R59
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        data = self.patched("xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", far))
        assert refused("a.xlsx", data) in {"too_heavy", "too_many_rows", "damaged"}

    def test_formats_in_empty_cells_far_below_do_no_harm(self):  # R62
        far = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
        data = self.patched("xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", far))
        assert len(read("a.xlsx", data).rows) == 1

    def test_rubbish_inside_a_workbook_is_refused(self):
        assert refused("a.xlsx", self.patched("xl/worksheets/sheet1.xml", lambda old: b"<sheetData><row")) in {
            "damaged",
            "empty",
            "no_header",
        }
        assert refused("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)) == "damaged"

    def test_a_child_that_takes_too_long_or_dies_is_a_refusal(self):  # R58
        import os
        import signal

        with pytest.raises(FileRefused, match="too_heavy"):
            child.run_limited(lambda: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(FileRefused, match="too_heavy"):
            child.run_limited(lambda: bytearray(3 * 1024**3) and None)

    @given(st.binary(max_size=300))
    def test_no_bytes_at_all_make_it_fail_otherwise(self, data):
        for name in ("a.csv", "a.xls"):
            try:
                read(name, data, limited=False)
            except FileRefused as refusal:
                assert refusal.code in FILE_TEXTS


def test_the_template_keeps_zeros_and_says_what_to_fill_in():
    book = openpyxl.load_workbook(io.BytesIO(sheet.template()))
    page = book[sheet.ROSTER_SHEET]
    assert [one.value for one in page[1]] == [title for _field, title, _width, _hint in LAYOUT]
    assert page.column_dimensions["A"].number_format == "@" or page["A1"].number_format == "@"
    assert len(page.data_validations.dataValidation) == 2
    hints = "".join(str(row[1].value) for row in book[sheet.NOTES_SHEET].iter_rows())
    assert "前面的 0 也算" in hints
    with pytest.raises(FileRefused, match="empty"):
        read("模板.xlsx", sheet.template())


def test_every_problem_has_words_with_its_values():
    assert all(str(text) for text in [*TEXTS.values(), *FILE_TEXTS.values()])


def test_workbook_rows_are_plain_values(app):
    import json

    json.dumps(workbook_rows(workbook([["姓名", "账号"], ["林", 5.0]])))
