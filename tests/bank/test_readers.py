"""Files of every kind: encodings, worksheets, JSON; and what is refused before it can do harm."""

import io
import json
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from app.bank.recogniser import SourceRefused, guess_columns, read_source, read_table, recognise_file, recognise_table
from app.bank.recogniser.readers.refusals import MESSAGES
from app.bank.recogniser.readers.sheets import as_text
from tests.bank.test_recogniser_texts import summary
from tests.bank.word_files import docx, p, package

TEXT = "1. 党章规定，年满多少岁可以申请入党（ ）\nA. 十六\nB. 十八\nC. 二十\n答案：B\n解析：见党章第一条。\n"
READ = ["1 single_choice B | 党章规定，年满多少岁可以申请入党（ ） | A 十六 | B 十八 | C 二十 | 解析=见党章第一条。"]
BIG5 = "1. 黨章規定，年滿多少歲可以申請入黨（ ）\nA. 十六\nB. 十八\n答案：B\n"


def read(name, data, columns=None):
    return summary(recognise_file(name, data, columns))


def code_of(name, data):
    with pytest.raises(SourceRefused) as refused:
        recognise_file(name, data)
    assert refused.value.message and "%(" not in refused.value.message and refused.value.code in MESSAGES
    return refused.value.code


def workbook(*sheets):
    """Return an .xlsx file; a sheet is (name, rows)."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


# encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_file_is_read_in_any_chinese_encoding(encoding):
    found = recognise_file("题.txt", TEXT.encode(encoding))
    assert summary(found)[:1] == READ
    assert [problem.code for problem in found.problems] in ([], ["encoding_guessed"])


def test_big5_is_told_from_gb18030_by_how_common_the_characters_are():
    found = recognise_file("题.txt", BIG5.encode("big5"))
    assert found.questions[0].key == ["B"] and found.questions[0].stem.startswith("黨章規定")
    assert [problem.code for problem in found.problems] == ["encoding_guessed"]


def test_bytes_that_are_no_text_are_refused():
    assert code_of("题.txt", bytes(range(128, 256)) * 40) == "encoding_unknown"
    assert code_of("题.txt", b"\xff\xfe\x00") == "encoding_unknown"


# worksheets

HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "答案", "解析", "知识点", "难度", "出处"]
ROWS = [
    HEAD,
    ["单选题", "甲（ ）", "一", "二", "三", "B", "因为", "党章", "易", "党章第一条"],
    ["多选题", "乙（ ）", "一", "二", "三", "A|C", "", "", "0.3", ""],
    ["判断题", "丙。", "", "", "", "√", "", "", "", ""],
    ["填空题", "丁____和____。", "", "", "", "一年/1年；两年", "", "", "", ""],
    ["单选题", "戊（ ）", "一", "", "三", "A", "", "", "", ""],
]
TABLE = [
    "- single_choice B | 甲（ ） | A 一 | B 二 | C 三 | 解析=因为 | 知识点=党章 | 难度=易 | 出处=党章第一条",
    "- multiple_choice A、C | 乙（ ） | A 一 | B 二 | C 三 | 难度=难",
    "- true_false 对 | 丙。",
    "- fill_blank 一年/1年；两年 | 丁____和____。",
    "- single_choice A | 戊（ ） | A 一 | C 三 !missing_option@6",
]


def test_a_workbook_made_from_the_template_is_read_row_by_row():
    found = recognise_file("题.xlsx", workbook(("Sheet1", ROWS)))
    assert summary(found) == TABLE
    assert [question.lines for question in found.questions] == [(n, n) for n in range(2, 7)]


def test_a_csv_file_is_a_table_too():
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS)
    assert read("题.csv", text.encode("gb18030")) == TABLE


def test_other_heads_empty_rows_and_letters_inside_cells_are_understood():
    rows = [
        ["2026年题库"],
        [],
        ["序号", "试题内容", "类型", "A", "B", "正确答案", "备注解析"],
        [1.0, "1、甲（ ）", "单选", "A、一", "B．二", "b", "略"],
    ]
    assert read("题.xlsx", workbook(("s", rows))) == ["1 single_choice B | 甲（ ） | A 一 | B 二 | 解析=略 !lowercase_key@4"]


def test_answers_with_numbers_beside_the_right_answer_are_options():
    rows = [
        ["题目", "答案1", "答案2", "答案3", "正确答案"],
        ["甲（ ）", "一", "二", "三", 2],
        ["乙（ ）", "一", "", "三", "1,3"],
        ["丙（ ）", "一", "", "三", 2],
        ["丁（ ）", "1", "2", "3", 2],
    ]
    assert read("题.xlsx", workbook(("s", rows))) == [
        "- single_choice B | 甲（ ） | A 一 | B 二 | C 三 !numbered_options@2",
        "- multiple_choice A、C | 乙（ ） | A 一 | C 三 !numbered_options@3 !missing_option@3",
        "- None ? | 丙（ ） | A 一 | C 三 !bad_key@4 !missing_option@4",
        "- single_choice B | 丁（ ） | A 1 | B 2 | C 3 !key_by_text@5",
    ]


def test_columns_that_are_not_used_are_named():  # R62
    found = recognise_file("题.xlsx", workbook(("s", [["题目", "命题人", "答案", "备用"], ["甲。", "张三", "对", ""]])))
    assert [(problem.code, problem.line, problem.params) for problem in found.problems] == [
        ("columns_passed_over", 1, {"names": "命题人、备用"})
    ]


def test_every_sheet_with_questions_is_read_and_its_name_may_tell_the_kind():
    sheets = ("判断题", [["题目", "答案"], ["甲。", "对"], ["乙。", "A"]]), ("说明", [["本题库供内部使用"]]), ("单选题", ROWS[:2])
    found = recognise_file("题.xlsx", workbook(*sheets))
    assert [question.kind for question in found.questions] == ["true_false", "true_false", "single_choice"]
    assert found.questions[1].problems[0].message.startswith("工作表「判断题」：判断题的答案写成了字母 A")
    assert [(problem.sheet, problem.code) for problem in found.problems] == [("说明", "sheet_skipped")]


def test_options_in_one_cell_are_taken_apart():
    rows = [
        ["题干", "选项", "答案"],
        ["甲（ ）", "A.一 B.二 C.三", "C"],
        ["乙（ ）", "一\n二\n三", "A"],
        ["丙（ ）", "一|二", "B"],
    ]
    assert [line.split(" | ", 1)[1] for line in read("题.xlsx", workbook(("s", rows)))] == [
        "甲（ ） | A 一 | B 二 | C 三",
        "乙（ ） | A 一 | B 二 | C 三",
        "丙（ ） | A 一 | B 二",
    ]


def test_a_stem_cell_may_hold_its_options():
    rows = [["题干", "答案"], ["甲（ ）\nA. 一\nB. 二", "B"]]
    assert read("题.xlsx", workbook(("s", rows))) == ["- single_choice B | 甲（ ） | A 一 | B 二"]


def test_columns_can_be_named_by_hand():
    rows = [["x", "y", "z", "w"], ["甲（ ）", "一", "二", "A"]]
    data = workbook(("s", rows))
    assert [problem.code for problem in recognise_file("题.xlsx", data).problems] == ["no_columns"]
    columns = {"sheet": "s", "head": 0, "stem": 0, "options": [1, 2], "key": 3}
    assert read("题.xlsx", data, columns) == ["- single_choice A | 甲（ ） | A 一 | B 二"]
    assert recognise_table(rows, columns).questions[0].key == ["A"]


def test_plain_text_typed_into_cells_is_read_as_text():
    rows = [[line] for line in TEXT.strip().split("\n")]
    assert read("题.xlsx", workbook(("s", rows))) == READ


def test_a_table_can_be_looked_at_before_its_columns_are_known():
    sheet = read_table("题.xlsx", workbook(("s", ROWS)))[0]
    columns = guess_columns(sheet.rows)
    assert (sheet.name, columns.head, columns.stem, columns.options, columns.key) == ("s", 0, 1, [2, 3, 4], 5)
    assert guess_columns([["地名", "描述"], ["桂林", "山水甲天下"]]) is None


def test_cells_are_text_as_people_see_it():
    import datetime

    values = [5.0, 1.5, True, datetime.datetime(2021, 7, 1), datetime.datetime(2021, 7, 1, 9, 30), " 甲\n乙 ", 1e20]
    assert [as_text(value) for value in values] == ["5", "1.5", "TRUE", "2021-07-01", "2021-07-01 09:30", "甲\n乙", "1e+20"]


# JSON


@pytest.mark.parametrize(
    "options",
    [
        [{"label": "A", "text": "一"}, {"label": "B", "text": "二"}],
        ["一", "二"],
        ["A. 一", "B. 二"],
        {"A": "一", "B": "二"},
        "A.一 B.二",
    ],
)
def test_json_options_come_in_several_shapes(options):
    text = json.dumps(
        {"data": {"list": [{"题干": "甲（ ）", "options": options, "answer": "B", "type": "单选题"}]}},
        ensure_ascii=False,
        indent=1,
    )
    found = recognise_file("题.json", text.encode())
    assert summary(found) == ["- single_choice B | 甲（ ） | A 一 | B 二"]
    assert found.questions[0].lines[0] == text[: text.index("题干")].count("\n")


def test_json_answers_may_be_lists_or_truth_values():
    records = [
        {"question": "甲（ ）", "options": ["一", "二", "三"], "answer": ["A", "C"]},
        {"question": "乙。", "answer": True},
        {"question": "丙____和____。", "type": "填空题", "answer": [["一年", "1年"], ["两年"]]},
    ]
    assert read("题.json", json.dumps(records, ensure_ascii=False).encode()) == [
        "- multiple_choice A、C | 甲（ ） | A 一 | B 二 | C 三",
        "- true_false 对 | 乙。",
        "- fill_blank 一年/1年；两年 | 丙____和____。",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1,\n "b": }', "json_bad"),
        ("[" * 30 + "]" * 30, "json_bad"),  # R56
        ('[{"题干": "甲", "答案": "A", "答案": "B"}]', "json_bad"),
        ('[{"题干": "甲", "答案": NaN}]', "json_bad"),
        ('{"people": [{"name": "甲"}]}', "json_no_questions"),
    ],
)
def test_json_that_is_broken_too_deep_or_without_questions_is_refused(text, code):
    assert code_of("题.json", text.encode()) == code


def test_the_line_of_a_json_fault_is_named():
    with pytest.raises(SourceRefused) as refused:
        recognise_file("题.json", b'{"a": 1,\n "b": }')
    assert "第 2 行" in refused.value.message


# kinds of files, by content (R57)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("题.txt", b"", "empty_file"),
        ("题.txt", b" \n\n", "empty_file"),
        ("题.pdf", b"%PDF-1.7", "kind_unknown"),
        ("题.txt", b"%PDF-1.7 ...", "kind_unknown"),
        ("题.exe", b"MZ\0\0", "kind_unknown"),
        ("题.txt", b"\x89PNG\r\n\x1a\n\0\0", "kind_unknown"),
        ("题.txt", b"<!DOCTYPE html><html></html>", "kind_unknown"),
        ("题.docx", b"PK\x03\x04 not a zip at all", "damaged"),
        ("题.docx", TEXT.encode(), "kind_mismatch"),
        ("题.xlsx", docx(p("甲")), "kind_mismatch"),
        ("题.docx", workbook(("s", ROWS)), "kind_mismatch"),
        ("题.txt", docx(p("甲")), "kind_mismatch"),
        ("题.docx", package({"a.txt": "x"}), "kind_unknown"),
        ("题.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("题.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "old_word"),
        ("题.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 600, "damaged"),
        ("题.txt", b"x" * (20 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_is_taken_for_what_it_is_not_for_what_it_is_called(name, data, code):  # R57
    assert code_of(name, data) == code


def test_an_old_word_file_is_read_by_antiword_where_that_is_installed(tmp_path, monkeypatch):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    program = tmp_path / "antiword"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{TEXT}END\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert read("题.doc", data) == READ
    program.write_text("#!/bin/sh\nexit 1\n")
    assert code_of("题.doc", data) == "old_word"
    monkeypatch.setenv("PATH", "/nowhere")
    assert code_of("题.doc", data) == "old_word"


def test_the_words_of_a_refusal_say_what_to_do():
    with pytest.raises(SourceRefused) as refused:
        recognise_file("题.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))
    assert refused.value.message == "这是旧版 Word 文件（.doc），请用 Word 或 WPS 打开，另存为 .docx 后再选。"


# packages and XML (R58, R59)


def raw_package(entries, flag=0):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx(p("甲"), parts={f"word/part{i}.xml": "<x/>" for i in range(2_100)}), "archive_unsafe"),
        (docx(p("甲"), parts={"word/media/zeros.bin": b"\0" * 30_000_000}), "archive_unsafe"),  # ratio
        (docx(p("甲"), parts={"../outside.xml": "<x/>"}), "archive_unsafe"),
        (docx(p("甲"), parts={"/absolute.xml": "<x/>"}), "archive_unsafe"),
        (docx(p("甲"), parts={"c:/drive.xml": "<x/>"}), "archive_unsafe"),
        (docx(p("甲"), parts={"word/inner.zip": "PK"}), "archive_unsafe"),
        (docx(p("甲"), parts={"WORD/document.xml": "<x/>"}), "archive_unsafe"),  # the same name twice but for its case
        (docx(p("甲"), parts={"word/vbaProject.bin": "x"}), "macros"),
        (
            docx(p("甲"), parts={"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"}),
            "macros",
        ),
        (docx(document=f"{BOMB}<w:document {W}><w:body>&b;</w:body></w:document>"), "xml_unsafe"),
        (
            docx(
                document=f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {W}><w:body>&e;</w:body></w:document>'
            ),
            "xml_unsafe",
        ),
        (docx(document=f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><w:document {W}><w:body/></w:document>'), "xml_unsafe"),
        (docx(document="<w:document"), "damaged"),
        (docx(document=f"<w:document {W}/>"), "damaged"),
        (
            docx(document=f"<w:document {W}><w:body>{'<w:p>' * 3000}{'</w:p>' * 3000}</w:body></w:document>"),
            "damaged",
        ),  # too deep
        (docx(p("甲"))[:-40], "damaged"),
    ],
)
def test_a_hostile_word_file_is_refused(data, code):  # R58 R59
    assert code_of("题.docx", data) == code


def test_a_doubled_entry_is_refused():  # R58
    with pytest.warns(UserWarning, match="Duplicate"):
        data = raw_package([("word/document.xml", "<x/>"), ("word/document.xml", "<y/>")])
    assert code_of("题.docx", data) == "archive_unsafe"


def test_an_encrypted_entry_is_refused():  # R58
    data = bytearray(docx(p("甲")))
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    assert code_of("题.docx", bytes(data)) == "encrypted"


def test_a_part_that_holds_more_than_it_states_is_refused():  # R58: headers lie
    data = bytearray(docx(p("甲" * 5000)))
    place = data.index(b"PK\x01\x02")
    while b"word/document.xml" not in data[place : place + 80]:
        place = data.index(b"PK\x01\x02", place + 4)
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert code_of("题.docx", bytes(data)) in ("damaged", "archive_unsafe")


def test_a_workbook_with_entities_or_one_cell_at_the_far_end_is_refused():  # R58 R59
    data = workbook(("s", ROWS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = {**parts, sheet: parts[sheet].replace('r="A2"', 'r="XFD1048576"')}
    assert code_of("题.xlsx", package(far)) == "too_many_rows"
    head, rest = parts["xl/workbook.xml"].split("?>", 1)
    assert code_of("题.xlsx", package({**parts, "xl/workbook.xml": f"{head}?>{BOMB}{rest}"})) == "xml_unsafe"


def test_refusing_a_bomb_takes_little_memory():  # R59
    data = docx(p("甲"), parts={f"word/media/{i}.bin": b"\0" * 9_000_000 for i in range(12)})
    tracemalloc.start()
    assert code_of("题.docx", data) == "archive_unsafe"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 1024 * 1024


def test_what_is_read_is_described():
    source = read_source("题.docx", docx(p("1. 甲"), p("A. 一")))
    assert (source.kind, source.text, source.sheets) == ("docx", "1. 甲\nA. 一", None)
    assert read_source("题.xlsx", workbook(("s", ROWS))).sheets[0].rows[0] == HEAD


def test_a_file_without_questions_says_so_with_its_first_line():
    found = recognise_file("题.txt", "关于召开会议的通知\n各单位：请按时参加。".encode())
    assert found.questions == [] and found.problems[0].line == 1
    assert "no_questions" in [problem.code for problem in found.problems]
