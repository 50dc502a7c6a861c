"""Paste-import through a browser: drafts, one-click choices, what is stored and what stays, files and their columns."""

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.bank import service
from app.bank.imports import child, reading
from app.bank.models import ImportBatch, Question
from app.bank.service import imports
from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.core.files import StoredFile
from tests.bank.pages import find, tree
from tests.bank.samples import FOLDER
from tests.bank.word_files import RED, docx, p, run

GOOD = "1. 支委会任期一般几年？\nA. 三年\nB. 五年\n答案：A\n"
NO_KEY = "2. 党员大会多久一次？\nA. 每月\nB. 每季度\n"
TWO_KEYS = "3. （单选）下列哪些是三会一课？\nA. 党课\nB. 党员大会\nC. 聚餐\n答案：AB\n"
PART = {"HX-Request": "true"}


@pytest.fixture
def root(make):
    return make.bureau()


@pytest.fixture
def trainer(make, root):
    return make.person("方若谷", unit=root, roles=["trainer"])


@pytest.fixture
def bank(make, root):
    return make.bank("党支部工作", unit=root)


@pytest.fixture
def browser(client_of, trainer):
    return client_of(trainer)


def batch():
    db.session.rollback()
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def stored():
    db.session.rollback()
    return db.session.scalars(select(Question).order_by(Question.number)).all()


@pytest.fixture
def draft(browser, bank):
    """`draft(text)`: begin a draft; returns its address."""
    return lambda text: browser.post(f"/banks/{bank.id}/imports", data={"text": text}).location.split("?")[0]


def send(browser, at, text=None, *, part=True, **values):
    """Press a button of the page with the newest version."""
    db.session.rollback()
    row = db.session.get(ImportBatch, int(at.split("/")[2]))
    data = {"text": row.text if text is None else text, "seen": str(row.version)} | values
    return browser.post(at, data=data, headers=PART if part else {})


def counts(page):
    return {chip.get("value"): int(find(chip, "span.number")[0].text) for chip in find(page, "[name=show]")}


# ---- who may ----


def test_a_draft_belongs_to_its_maker(draft, make, client_of, root):  # R49
    at = draft(GOOD)
    colleague = client_of(make.person(unit=root, roles=["trainer"]))
    for path in (at, f"{at}/columns", f"{at}/compare/1"):
        assert colleague.get(path).status_code == 404
    for path in (at, f"{at}/store", f"{at}/discard", f"{at}/finish", f"{at}/file", f"{at}/columns"):
        assert colleague.post(path, data={"text": "x"}).status_code == 404
    assert batch().text == GOOD


def test_a_trainee_cannot_import(make, client_of, bank, draft):  # R48
    at = draft(GOOD)
    trainee = client_of(make.person())
    assert trainee.get(at).status_code == 403
    assert trainee.post(f"/banks/{bank.id}/imports", data={"text": GOOD}).status_code == 403


def test_another_units_bank_takes_no_import(make, client_of, bank):  # R50
    stranger = client_of(make.person(unit=make.unit(), roles=["trainer"]))
    assert stranger.post(f"/banks/{bank.id}/imports", data={"text": GOOD}).status_code == 404
    assert batch() is None


# ---- typing ----


def test_an_empty_page_shows_a_sample_and_stores_nothing(browser, bank):
    answer = browser.get(f"/banks/{bank.id}/imports/new")
    assert answer.status_code == 200
    assert "用示例试一试" in answer.text and "单项选择题" in answer.text
    assert batch() is None


def test_typing_is_kept_as_a_draft_and_recognised_but_nothing_goes_into_the_bank(browser, bank):  # R62
    answer = browser.post(f"/banks/{bank.id}/imports", data={"text": GOOD + "\n" + NO_KEY, "seen": "0"}, headers=PART)
    page = tree(answer)
    assert counts(page) == {"todo": 1, "ready": 1, "all": 2}
    assert batch().text == GOOD + "\n" + NO_KEY
    assert find(page, "#found")[0].get("data-url") == f"/imports/{batch().id}"
    assert stored() == []


def test_a_long_text_comes_as_a_file_part(browser, bank):
    text = "\n".join(f"{n}. 第{n}条陈述是对的。（√）" for n in range(1, 3001))
    data = {"text": (io.BytesIO(text.encode()), "text.txt"), "seen": "0"}
    answer = browser.post(f"/banks/{bank.id}/imports", data=data, headers=PART, content_type="multipart/form-data")
    assert counts(tree(answer))["ready"] == 3000
    assert len(find(tree(answer), "article")) == 100
    second = send(browser, f"/imports/{batch().id}", view="ready", turn="30")
    assert len(find(tree(second), "article")) == 100


def test_line_ends_of_browsers_do_not_count_twice(browser, draft):
    at = draft(GOOD.replace("\n", "\r\n"))
    assert batch().text == GOOD
    assert "第 1–4 行" in browser.get(at).text


def test_nothing_recognised_shows_the_first_line(browser, draft):
    text = browser.get(draft("这里没有试题\n只是两行字")).text
    assert "没有识别出题目" in text and "这里没有试题" in text


def test_two_windows_do_not_overwrite_each_other(browser, draft):  # R25
    at = draft(GOOD)
    seen = str(batch().version)
    send(browser, at, GOOD + "\n" + NO_KEY)
    late = browser.post(at, data={"text": "另一个窗口", "seen": seen}, headers=PART)
    assert late.status_code == 409
    assert "另一个窗口改过" in late.text and "党员大会" in late.text
    assert "党员大会" in batch().text
    insisted = browser.post(at, data={"text": "另一个窗口", "seen": seen, "insist": "1"}, headers=PART)
    assert insisted.status_code == 200
    assert batch().text == "另一个窗口"


def test_too_much_text_is_refused_in_words_and_the_draft_stays(browser, draft, monkeypatch):  # R55
    at = draft(GOOD)
    monkeypatch.setattr(imports, "MOST_CHARACTERS", 50)
    answer = send(browser, at, GOOD * 5)
    assert answer.status_code == 422
    assert "最多 50 字" in answer.text
    assert batch().text == GOOD


def test_an_unfinished_import_is_offered_on_the_banks_page(browser, bank, draft):
    at = draft(GOOD)
    assert at in browser.get(f"/banks/{bank.id}").text
    browser.post(f"{at}/discard")
    assert at not in browser.get(f"/banks/{bank.id}").text
    assert batch() is None


# ---- one-click choices ----


def test_the_right_option_is_chosen_with_one_press(browser, draft):
    at = draft(GOOD + "\n" + NO_KEY)
    page = tree(browser.get(at))
    assert [button.get("value") for button in find(page, "article button[name=act]")][:2] == ["key:6:A", "key:6:B"]
    assert counts(tree(send(browser, at, act="key:6:B"))) == {"todo": 0, "ready": 2, "all": 2}


def test_a_kind_is_changed_with_one_press_and_taken_back(browser, draft):
    at = draft(TWO_KEYS)
    assert counts(tree(send(browser, at, act="kind:1:multiple_choice")))["ready"] == 1
    assert counts(tree(send(browser, at, act="undo:1")))["todo"] == 1


def test_several_right_options_are_ticked(browser, draft):
    at = draft("一、多项选择题\n1. 下列哪些是三会一课？\nA. 党课\nB. 党员大会\nC. 聚餐\n")
    assert find(tree(browser.get(at)), "[name=pick-2]")
    send(browser, at, act="keys:2", **{"pick-2": ["A", "B"]})
    browser.post(f"{at}/store", data={"seen": str(batch().version), "text": batch().text})
    assert stored()[0].current.body["key"] == ["A", "B"]


def test_a_choice_stays_with_its_question_when_lines_are_added_above(browser, draft):
    at = draft(GOOD + "\n" + NO_KEY)
    send(browser, at, act="key:6:B")
    send(browser, at, "新的标题\n\n" + batch().text)
    assert batch().overrides == {"8": {"key": ["B"]}}


@pytest.mark.parametrize(
    "act", ["key:6:Z9", "key:x:A", "kind:6:made_up", "skip:99999999999", "drop table", "keys:6", ":::", "key:6"]
)
def test_a_button_that_does_not_exist_does_nothing(browser, draft, act):  # R51
    at = draft(GOOD + "\n" + NO_KEY)
    assert send(browser, at, act=act).status_code == 200
    assert batch().overrides == {}


def test_without_scripts_every_button_keeps_the_text(browser, draft):
    at = draft(GOOD)
    answer = send(browser, at, GOOD + "\n" + NO_KEY, part=False, act="key:6:A", view="all")
    assert answer.status_code == 303
    assert "党员大会" in batch().text
    assert counts(tree(browser.get(answer.location)))["ready"] == 2


# ---- storing ----


def store(browser, at, **values):
    return browser.post(f"{at}/store", data={"seen": str(batch().version), "text": batch().text} | values)


def test_the_good_ones_are_stored_now_and_the_others_stay(browser, draft):  # R62
    at = draft(GOOD + "\n" + NO_KEY)
    store(browser, at, topic="冬训", source="题单")
    questions = stored()
    assert [(question.number, question.topic.name, question.current.source) for question in questions] == [(1, "冬训", "题单")]
    page = browser.get(at)
    assert "已导入 1 题" in page.text and counts(tree(page)) == {"todo": 1, "ready": 0, "done": 1, "all": 2}
    assert "党员大会" in batch().text
    send(browser, at, act="key:6:B")
    answer = store(browser, at)
    assert [question.number for question in stored()] == [1, 2]
    assert batch().state == "imported" and batch().text == ""
    finished = browser.get(answer.location).text
    assert "0001" in finished and "0002" in finished


def test_pressing_twice_stores_once(browser, draft):  # R24, R62
    at = draft(GOOD + "\n" + NO_KEY)
    seen, text = str(batch().version), batch().text
    answers = [browser.post(f"{at}/store", data={"seen": seen, "text": text}).status_code for _ in range(2)]
    assert answers == [303, 409]
    store(browser, at)
    assert len(stored()) == 1


def test_what_the_bank_has_is_skipped_and_listed(browser, draft):  # R62
    store(browser, draft(GOOD))
    at = draft(GOOD + "\n" + NO_KEY)
    page = tree(browser.get(f"{at}?view=same"))
    assert "与题库第 0001 题相同" in find(page, "article")[0].text_content()
    assert counts(page) == {"todo": 1, "ready": 0, "same": 1, "all": 2}
    send(browser, at, act="key:6:A")
    store(browser, at)
    assert len(stored()) == 2
    assert "第 1 行：与第 0001 题相同" in browser.get(at).text


def test_it_can_be_stored_all_the_same(browser, draft):
    store(browser, draft(GOOD))
    at = draft(GOOD)
    send(browser, at, act="import:1")
    store(browser, at)
    assert [question.number for question in stored()] == [1, 2]


def test_a_nearly_equal_question_is_compared_and_skipped(browser, draft):
    long = "1. 支部委员会会议一般多长时间召开一次，由谁主持，会议记录由谁负责保管？\nA. 每月一次\nB. 每季度一次\n答案：A\n"
    store(browser, draft(long))
    at = draft(long.replace("负责", ""))
    assert "相同" in find(tree(browser.get(at)), "article")[0].text_content()
    compared = browser.get(f"{at}/compare/1")
    assert "<del>负责</del>" in compared.text
    assert "<html" not in browser.get(f"{at}/compare/1", headers=PART).text
    page = tree(send(browser, at, act="skip:1"))
    assert counts(page) == {"todo": 0, "ready": 0, "skipped": 1, "all": 1}


def test_the_same_question_with_another_answer_is_never_stored_silently(browser, draft):
    store(browser, draft(GOOD))
    at = draft(GOOD.replace("答案：A", "答案：B"))
    assert "两处答案不同" in browser.get(at).text
    store(browser, at)
    assert len(stored()) == 1


def test_questions_marked_for_review_are_stored_waiting(browser, draft):
    store(browser, draft(GOOD + "出处：《条例》\n审核：待复核\n"))
    assert [(question.state, question.current.source) for question in stored()] == [("review", "《条例》")]


def test_a_whole_import_can_wait_for_review(browser, draft):
    store(browser, draft(GOOD), review="y")
    assert stored()[0].state == "review"


def test_the_rest_can_be_left(browser, draft):
    at = draft(GOOD + "\n" + NO_KEY)
    store(browser, at)
    browser.post(f"{at}/finish", data={})
    assert batch().state == "imported"
    assert "没有导入" in browser.get(at).text
    assert send(browser, at, "更多", part=False).status_code == 409


def test_an_import_page_takes_as_many_queries_for_many_questions_as_for_few(browser, draft, bank, count_queries):
    few = draft(GOOD)
    many = draft("\n".join(f"{n}. 第{n}条陈述是对的。（√）" for n in range(1, 300)))
    assert count_queries(lambda: browser.get(few)) == count_queries(lambda: browser.get(many))


# ---- export and back ----


def test_what_is_exported_can_be_imported_again_as_it_was(browser, bank, make, root):
    with unit_of_work():
        service.load_shipped(root, clock.now())
    bank_id = db.session.scalar(select(Question.bank_id).where(Question.state == "review").limit(1))
    before = db.session.scalars(select(Question).where(Question.bank_id == bank_id)).all()
    answer = browser.get(f"/banks/{bank_id}/export.txt")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    at = browser.post(f"/banks/{bank.id}/imports", data={"text": answer.text}).location.split("?")[0]
    store(browser, at)
    db.session.rollback()
    after = db.session.scalars(select(Question).where(Question.bank_id == bank.id)).all()

    def said(questions):
        rows = [(q.kind, q.current.body, q.current.source, q.topic.name, q.difficulty, q.state) for q in questions]
        return sorted(rows, key=str)

    assert said(after) == said(before)


# ---- files ----


def upload(browser, at, name, data, **values):
    return browser.post(
        at,
        data={"upload": (io.BytesIO(data), name), "file": "1", "text": "", "seen": "0", **values},
        content_type="multipart/form-data",
    )


def table(rows):
    """Return an .xlsx of one sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_a_word_file_goes_into_the_text(browser, bank):
    data = docx(p("1. 支委会任期一般几年？"), p("A. 三年"), p(run("B. 五年", RED)))
    answer = upload(browser, f"/banks/{bank.id}/imports", "冬训.docx", data)
    page = browser.get(answer.location)
    assert batch().filename == "冬训.docx"
    assert "支委会任期" in batch().text
    assert counts(tree(page)) == {"todo": 0, "ready": 1, "noted": 1, "all": 1}  # the coloured option is its answer, said aloud


def test_a_file_goes_below_what_was_typed(browser, draft):
    at = draft(GOOD)
    upload(browser, f"{at}/file", "更多.txt", NO_KEY.encode("gb18030"), text=GOOD, seen=str(batch().version))
    assert batch().text.startswith(GOOD.rstrip()) and "党员大会" in batch().text


def test_a_table_with_named_columns_becomes_text(browser, bank):
    rows = [
        ["题型", "题干", "选项A", "选项B", "答案", "知识点"],
        ["单选题", "支委会任期一般几年？", "三年", "五年", "A", "任期"],
        ["单选题", "没有答案的题", "甲", "乙", "", ""],
    ]
    upload(browser, f"/banks/{bank.id}/imports", "题.xlsx", table(rows))
    page = browser.get(f"/imports/{batch().id}")
    assert counts(tree(page)) == {"todo": 1, "ready": 1, "all": 2}


def test_columns_without_names_are_named_by_a_person(browser, bank, data_dir):
    rows = [["支委会任期一般几年", "三年", "五年", "A"], ["党员大会多久一次", "每月", "每季度", "B"]]
    answer = upload(browser, f"/banks/{bank.id}/imports", "无表头.xlsx", table(rows))
    columns = browser.get(answer.location).location
    assert columns.endswith("/columns")
    page = browser.get(columns).text
    assert "支委会任期一般几年" in page and "没有从表头认出" in page
    missing = browser.post(columns, data={"head": "0", "sheet": "题", "column-0": "stem"})
    assert missing.status_code == 422 and "哪一列是答案" in missing.text
    path = batch().file.path
    chosen = {"head": "0", "sheet": "题", "column-0": "stem", "column-1": "option-0", "column-2": "option-1", "column-3": "key"}
    browser.post(columns, data=chosen)
    assert counts(tree(browser.get(f"/imports/{batch().id}")))["ready"] == 2
    assert not path.exists()


def test_a_table_that_nobody_names_is_forgotten(browser, bank, set_clock):
    set_clock("2026-05-01 09:00")
    upload(browser, f"/banks/{bank.id}/imports", "无表头.xlsx", table([["甲", "乙"], ["丙", "丁"]]))
    path = batch().file.path
    set_clock("2026-05-04 09:00")
    from app.bank.jobs import forget_tables

    assert "bank.forget_tables" in jobs.PERIODIC
    forget_tables()
    assert batch().file_id is None and not path.exists()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


HOSTILE = {
    "pdf.docx": (b"%PDF-1.7 ...", "换成它的名称所说的种类|不能读|内容"),
    "题.exe": (b"MZ\x00\x00" * 50, "不能读取|不能读"),
    "空.txt": (b"", "空"),
    "坏.docx": (b"PK\x03\x04" + b"\x00" * 60, "损坏"),
    "旧.png": (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "不能读"),
    "坏.json": (b'{"a": [1, 2', "JSON"),
    "深.json": (b"[" * 5000 + b"]" * 5000, "JSON"),
    "实体.docx": (docx(document='<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="x">&a;</w:document>'), "拒绝"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_the_draft_stays(browser, draft, name):  # R57, R58, R59
    at = draft(GOOD)
    data, words = HOSTILE[name]
    answer = upload(browser, f"{at}/file", name, data, text=GOOD, seen=str(batch().version))
    assert answer.status_code == 422
    assert any(word in find(tree(answer), ".error-summary")[0].text_content() for word in words.split("|"))
    assert batch().text == GOOD


def test_choosing_no_file_is_said(browser, draft):
    at = draft(GOOD)
    answer = browser.post(f"{at}/file", data={"text": GOOD, "seen": str(batch().version), "file": "1"})
    assert answer.status_code == 422 and "请先选择文件" in answer.text


CHILD = """
import sys; sys.path.insert(0, {folder!r})
import child
child.{limit} = {value}
child.confine()
{work}
"""


@pytest.mark.parametrize(
    ("limit", "value", "work"),
    [("MEMORY", 200 * 1024 * 1024, "x = bytearray(300 * 1024 * 1024)"), ("SECONDS", 1, "while True: pass")],
)
def test_a_file_that_costs_too_much_stops_only_its_own_reader(browser, draft, monkeypatch, tmp_path, limit, value, work):  # R57
    at = draft(GOOD)
    folder = str(reading.CHILD.parent)
    script = CHILD.format(
        folder=folder, limit=limit, value=value, work=f"try:\n    {work}\nexcept (MemoryError, OSError):\n    sys.exit(3)"
    )
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(reading, "CHILD", tmp_path / "child.py")
    answer = upload(browser, f"{at}/file", "大.txt", GOOD.encode(), text=GOOD, seen=str(batch().version))
    assert answer.status_code == 422 and "已停止" in answer.text
    assert batch().text == GOOD


def test_the_reader_has_no_secret_and_no_web_application(monkeypatch, tmp_path):  # R57
    (tmp_path / "child.py").write_text(
        "import json, os, sys\n"
        f"sys.path.insert(0, {str(reading.CHILD.parent)!r})\n"
        "import child\nchild.name_app()\nfrom app.bank import recogniser\n"
        "loaded = [name for name in ('sqlalchemy', 'gunicorn', 'app.core.db', 'app.config') if name in sys.modules]\n"
        "print(json.dumps({'text': json.dumps([sorted(os.environ), loaded]), 'problems': []}))\n"
    )
    monkeypatch.setattr(reading, "CHILD", tmp_path / "child.py")
    monkeypatch.setenv("ZHIZE_SECRET_KEY", "not for the reader")
    names, loaded = __import__("json").loads(reading.read("x.txt", b"x").text)
    assert not [name for name in names if name.startswith("ZHIZE")]
    assert loaded == []


def test_limits_of_the_reader_are_those_that_are_promised():  # R57
    assert (child.SECONDS, child.MEMORY) == (60, 1024**3)


@pytest.mark.parametrize("name", ["maogai2023_4.docx", "yanan_tiku.xls", "zztk_shili.json", "maogai_danxiang1.txt"])
def test_real_files_come_in_through_the_page(browser, bank, name):
    path = FOLDER / name
    if not path.exists():
        return
    upload(browser, f"/banks/{bank.id}/imports", name, path.read_bytes())
    at = f"/imports/{batch().id}"
    ready = counts(tree(browser.get(at)))["ready"]
    assert ready >= 6
    store(browser, at)
    assert len(stored()) == ready
