"""The pages of the bank: what people see, who may, what they typed is kept."""

import re

import pytest
from sqlalchemy import func, select

from app.bank import seals, service
from app.bank.models import Bank, Question, QuestionVersion
from app.core import audit, clock
from app.core.db import db, unit_of_work
from app.people.models import Person
from tests.bank.pages import find, tree


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


def question_form(**changed):
    """What the editor sends for a single-choice question."""
    form = {
        "kind": "single_choice", "stem": "支委会任期一般几年（　　）", "row": ["1", "2", "3"], "option": ["三年", "五年", ""], "key": ["1"],
        "explanation": "见条例。", "source": "《条例》", "topic": "任期", "level": "2", "note": "",
    }  # fmt: skip
    return {**form, **changed}


def latest(number=None):
    db.session.rollback()
    query = select(Question).order_by(Question.id.desc())
    return db.session.scalars(query.where(Question.number == number) if number else query).first()


# ---- who may ----

PAGES = ["/banks", "/banks/{bank}", "/banks/{bank}/export.txt", "/questions/{question}", "/questions/{question}/edit", "/banks/new",
         "/banks/{bank}/edit", "/banks/{bank}/questions/new", "/banks/{bank}/imports/new"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_trainee_reaches_nothing_of_the_bank(make, client_of, bank, path):  # R48, R52
    question = make.question(bank)
    answer = client_of(make.person()).get(path.format(bank=bank.id, question=question.id))
    assert answer.status_code == 403
    assert "选项" not in answer.text and question.search_text not in answer.text


@pytest.mark.parametrize("path", PAGES[1:])
def test_another_units_bank_is_not_there(make, client_of, bank, path):  # R49, R53
    if "{" not in path:
        return
    question = make.question(bank)
    stranger = client_of(make.person(unit=make.unit(), roles=["trainer"]))
    assert stranger.get(path.format(bank=bank.id, question=question.id)).status_code == 404


def test_another_units_questions_cannot_be_changed(make, client_of, bank):  # R49, R50
    question = make.question(bank)
    mine = make.unit()
    stranger = client_of(make.person(unit=mine, roles=["trainer"]))
    assert stranger.post(f"/banks/{bank.id}/questions", data={"act": "retire", "id": question.id}).status_code == 404
    assert stranger.post(f"/questions/{question.id}/edit", data=question_form(seen="1")).status_code == 404
    own = make.bank(unit=mine)
    stranger.post(f"/banks/{own.id}/questions", data={"act": "retire", "id": question.id})
    assert latest().state == "approved"


def test_an_auditor_reads_and_changes_nothing(make, client_of, bank, root):
    question = make.question(bank)
    auditor = client_of(make.person(unit=root, roles=["auditor"]))
    assert auditor.get(f"/banks/{bank.id}").status_code == 200
    assert not find(tree(auditor.get(f"/banks/{bank.id}")), "[name=act], input[name=id]")
    assert auditor.post(f"/banks/{bank.id}/questions", data={"act": "retire", "id": question.id}).status_code == 403
    assert auditor.get(f"/banks/{bank.id}/export.txt").status_code == 403


def test_a_bank_stays_closed_to_those_who_sit_a_test_from_it(make, browser, bank, trainer, monkeypatch):  # R54
    question = make.question(bank)
    monkeypatch.setattr(seals, "_RULES", [lambda person, bank_ids, now: set(bank_ids) if person.id == trainer.id else set()])
    for path in (
        f"/banks/{bank.id}",
        f"/questions/{question.id}",
        f"/banks/{bank.id}/export.txt",
        f"/banks/{bank.id}/imports/new",
    ):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "考试结束前" in answer.text
    assert "考试结束前不能打开" in browser.get("/banks").text


# ---- lists ----


def test_the_list_of_banks_counts_by_kind_and_state(make, browser, bank):
    make.question(bank)
    make.question(bank, "true_false")
    make.question(bank, state="review")
    row = find(tree(browser.get("/banks")), "tbody tr")[0]
    assert [cell.text_content().strip() for cell in find(row, "td.n")] == ["2", "1", "0", "1", "0", "1"]


def test_a_bank_without_questions_offers_to_paste(browser, bank):
    page = tree(browser.get(f"/banks/{bank.id}"))
    assert "还没有题目" in page.text_content()
    assert find(page, ".empty a")[0].get("href") == f"/banks/{bank.id}/imports/new"


def stems(answer):
    return [link.text_content().strip() for link in find(tree(answer), "tbody [data-peek]")]


def test_questions_are_filtered_by_kind_topic_level_state_and_words(make, browser, bank):
    one = make.question(bank, "true_false", stem="支委会任期三年。", key=["true"], topic="任期", difficulty=1)
    two = make.question(bank, "single_choice", stem="党员大会多久召开一次", state="review")
    at = f"/banks/{bank.id}"
    assert stems(browser.get(f"{at}?kind=true_false")) == [one.search_text]
    assert stems(browser.get(f"{at}?topic={one.topic_id}")) == [one.search_text]
    assert stems(browser.get(f"{at}?level=1")) == [one.search_text]
    assert stems(browser.get(f"{at}?state=review")) == [two.search_text]
    assert stems(browser.get(f"{at}?q=党员大会")) == [two.search_text]
    assert len(stems(browser.get(f"{at}?kind=nothing&level=9&state=x&topic=y"))) == 2
    assert "清除筛选" in browser.get(f"{at}?q=没有的词").text


def test_signs_of_the_search_are_taken_as_they_are(make, browser, bank):  # R61
    make.question(bank, "true_false", stem="比例为 100%", key=["true"])
    make.question(bank, "true_false", stem="另一句", key=["true"])
    assert len(stems(browser.get(f"/banks/{bank.id}?q=%25"))) == 1
    assert len(stems(browser.get(f"/banks/{bank.id}?q=_"))) == 0
    assert browser.get(f"/banks/{bank.id}?q=" + "长" * 500).status_code == 200


def test_the_list_takes_as_many_queries_for_many_questions_as_for_few(make, browser, bank, count_queries, trainer):
    with unit_of_work():
        drafts = [
            service.Draft(
                "true_false", {"stem": f"句{n}", "options": [], "key": ["true"], "explanation": ""}, topic=f"专题{n % 3}"
            )
            for n in range(60)
        ]
        service.store_questions(bank.id, drafts[:2], author=None, now=clock.now())
    paths = ("/banks", f"/banks/{bank.id}", f"/banks/{bank.id}/export.txt")
    few = [count_queries(lambda path=path: browser.get(path)) for path in paths]
    for _ in range(3):
        make.bank(unit=db.session.get(Bank, bank.id).unit)
    with unit_of_work():
        service.store_questions(bank.id, drafts, author=None, now=clock.now())
    many = [count_queries(lambda path=path: browser.get(path)) for path in paths]
    assert many == few


def test_the_question_beside_the_list_is_a_part_of_its_page(make, browser, bank):
    question = make.question(bank, key=["B"], explanation="因为如此。")
    whole, part = (
        browser.get(f"/questions/{question.id}"),
        browser.get(f"/questions/{question.id}", headers={"HX-Request": "true"}),
    )
    assert "<html" in whole.text and "<html" not in part.text
    assert tree(part).get("id") == "peek" and "因为如此。" in part.text
    assert [find(li, "b")[0].text for li in find(tree(part), "li.key")] == ["B"]


# ---- several at once ----


def test_ticked_questions_are_retired_and_the_list_stays_as_it_was(make, browser, bank):
    one, two = make.question(bank), make.question(bank)
    back = f"/banks/{bank.id}?kind=single_choice"
    answer = browser.post(f"/banks/{bank.id}/questions", data={"act": "retire", "id": [one.id, two.id], "next": back})
    assert answer.location == back
    assert "已停用 2 题" in browser.get(back).text
    db.session.rollback()
    assert {question.state for question in db.session.scalars(select(Question))} == {"retired"}
    assert db.session.scalar(select(func.count()).where(audit.AuditEntry.action == "question.retire")) == 1


def test_the_way_back_never_leads_elsewhere(make, browser, bank):  # R47
    answer = browser.post(
        f"/banks/{bank.id}/questions", data={"act": "retire", "id": make.question(bank).id, "next": "https://elsewhere.example/"}
    )
    assert answer.location == f"/banks/{bank.id}"


def test_nothing_ticked_is_said(browser, bank):
    browser.post(f"/banks/{bank.id}/questions", data={"act": "approve"})
    assert "请先勾选" in browser.get(f"/banks/{bank.id}").text


def test_topic_and_difficulty_are_set_for_all_ticked(make, browser, bank):
    question = make.question(bank)
    browser.post(f"/banks/{bank.id}/questions", data={"act": "topic", "topic": "会议 制度", "id": question.id})
    browser.post(f"/banks/{bank.id}/questions", data={"act": "level-3", "id": question.id})
    assert (latest().topic.name, latest().difficulty) == ("会议 制度", 3)


def test_own_questions_wait_for_somebody_else(make, client_of, browser, bank, root):  # R54
    browser.post(f"/banks/{bank.id}/questions/new", data=question_form(review="y"))
    question = latest()
    assert question.state == "review"
    browser.post(f"/banks/{bank.id}/questions", data={"act": "approve", "id": question.id})
    assert "要由别人复核" in browser.get(f"/banks/{bank.id}").text
    assert latest().state == "review"
    client_of(make.person(unit=root, roles=["administrator"])).post(
        f"/banks/{bank.id}/questions", data={"act": "approve", "id": question.id}
    )
    assert latest().state == "approved"


# ---- the editor ----


def test_a_question_is_written_and_shown(browser, bank):
    answer = browser.post(f"/banks/{bank.id}/questions/new", data=question_form())
    question = latest()
    assert answer.location == f"/questions/{question.id}"
    assert question.current.body == {
        "stem": "支委会任期一般几年（　　）", "key": ["A"], "explanation": "见条例。",
        "options": [{"label": "A", "text": "三年", "pinned": False}, {"label": "B", "text": "五年", "pinned": False}],
    }  # fmt: skip
    assert "第 0001 题已保存" in browser.get(answer.location).text


def test_the_order_of_the_rows_makes_the_letters(browser, bank):
    form = question_form(
        kind="multiple_choice", row=["7", "2", "5"], option=["丙", "甲", "以上都对"], key=["2", "7"], pinned=["5"]
    )
    browser.post(f"/banks/{bank.id}/questions/new", data=form)
    body = latest().current.body
    assert [(option["label"], option["text"], option["pinned"]) for option in body["options"]] == [
        ("A", "丙", False), ("B", "甲", False), ("C", "以上都对", True),
    ]  # fmt: skip
    assert body["key"] == ["A", "B"]


def test_true_or_false_and_blanks_are_written(browser, bank):
    browser.post(f"/banks/{bank.id}/questions/new", data=question_form(kind="true_false", truth="false"))
    assert latest().current.body["key"] == ["false"]
    form = question_form(kind="fill_blank", stem="由_____人组成，不超过____人。", blank=["3至5\n三至五", "7"], any_order="y")
    browser.post(f"/banks/{bank.id}/questions/new", data=form)
    body = latest().current.body
    assert (body["stem"], body["key"], body["ordered"]) == ("由____人组成，不超过____人。", [["3至5", "三至五"], ["7"]], False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"key": []}, "请勾选正确答案"),
        ({"stem": ""}, "请填写题干"),
        ({"option": ["三年", "", ""]}, "只有"),
        ({"kind": "true_false", "truth": ""}, "是对还是错"),
        ({"kind": "fill_blank", "stem": "没有空"}, "四个下划线"),
        ({"stem": "长" * 20_001}, "20,000"),
        ({"option": ["长" * 2001, "五年", ""]}, "2000"),
        ({"topic": "长" * 101}, "100"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, bank, changed, words):  # R55
    answer = browser.post(f"/banks/{bank.id}/questions/new", data=question_form(**changed))
    assert answer.status_code == 422
    page = tree(answer)
    assert words in find(page, ".error-summary")[0].text_content()
    assert find(page, "[name=explanation]")[0].text.strip() == "见条例。"
    assert latest() is None


def test_without_scripts_the_buttons_rearrange_the_form_and_store_nothing(browser, bank):
    at = f"/banks/{bank.id}/questions/new"
    moved = tree(browser.post(at, data=question_form(act="down:1")))
    assert [field.get("value") for field in find(moved, "[name=option]")] == ["五年", "三年", ""]
    assert [box.get("value") for box in find(moved, "[name=key][checked]")] == ["1"]
    more = tree(browser.post(at, data=question_form(act="add")))
    assert len(find(more, "[name=option]")) == 4
    less = tree(browser.post(at, data=question_form(act="out:2")))
    assert [field.get("value") for field in find(less, "[name=option]")] == ["三年", ""]
    other = tree(browser.post(at, data=question_form(act="kind", kind="fill_blank", stem="一____二____")))
    assert len(find(other, "[name=blank]")) == 2
    assert latest() is None


def test_saving_and_writing_another_keeps_kind_topic_and_source(browser, bank):
    answer = browser.post(f"/banks/{bank.id}/questions/new", data=question_form(after="new"))
    page = tree(browser.get(answer.location))
    assert find(page, "[name=topic]")[0].get("value") == "任期"
    assert find(page, "[name=source]")[0].get("value") == "《条例》"
    assert find(page, "[name=stem]")[0].text.strip() == ""


def test_a_double_click_writes_one_question(browser, bank):  # R24
    deed = find(tree(browser.get(f"/banks/{bank.id}/questions/new")), "[name=deed]")[0].get("value")
    places = {browser.post(f"/banks/{bank.id}/questions/new", data=question_form(deed=deed)).location for _ in range(2)}
    assert len(places) == 1
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_editing_shows_the_question_and_makes_a_version(make, browser, bank):  # R29
    question = make.question(bank, "multiple_choice", key=["A", "C"])
    page = tree(browser.get(f"/questions/{question.id}/edit"))
    assert len(find(page, "[name=key][checked]")) == 2
    seen = find(page, "[name=seen]")[0].get("value")
    browser.post(f"/questions/{question.id}/edit", data=question_form(seen=seen, note="重写"))
    assert latest().current.number == 2
    shown = browser.get(f"/questions/{question.id}").text
    assert "第 2 版" in shown and "重写" in shown and "<del>" in shown


def test_a_stale_editor_gets_both_texts_side_by_side(make, browser, client_of, bank, root):  # R25
    question = make.question(bank)
    seen = find(tree(browser.get(f"/questions/{question.id}/edit")), "[name=seen]")[0].get("value")
    other = client_of(make.person("张老师", unit=root, roles=["trainer"]))
    other.post(f"/questions/{question.id}/edit", data=question_form(seen=seen, stem="张老师的题干"))
    answer = browser.post(f"/questions/{question.id}/edit", data=question_form(seen=seen, stem="我的题干"))
    assert answer.status_code == 409
    note = find(tree(answer), ".note.warn")[0].text_content()
    assert "张老师" in note and "张老师的题干" in note and "我的题干" in note
    assert latest().current.body["stem"] == "张老师的题干"
    seen = find(tree(answer), "[name=seen]")[0].get("value")
    browser.post(f"/questions/{question.id}/edit", data=question_form(seen=seen, stem="我的题干"))
    assert (latest().current.body["stem"], latest().current.number) == ("我的题干", 3)


def test_a_topic_that_changed_meanwhile_is_shown_too(make, browser, bank):  # R25
    question = make.question(bank)
    seen = find(tree(browser.get(f"/questions/{question.id}/edit")), "[name=seen]")[0].get("value")
    browser.post(f"/banks/{bank.id}/questions", data={"act": "topic", "topic": "新的知识点", "id": question.id})
    answer = browser.post(f"/questions/{question.id}/edit", data=question_form(seen=seen))
    assert answer.status_code == 409
    assert "新的知识点" in find(tree(answer), ".note.warn")[0].text_content()


def test_a_changed_kind_stands_among_the_changes(make, browser, bank):
    question = make.question(bank)
    seen = find(tree(browser.get(f"/questions/{question.id}/edit")), "[name=seen]")[0].get("value")
    browser.post(f"/questions/{question.id}/edit", data=question_form(seen=seen, kind="true_false", truth="true"))
    changes = find(tree(browser.get(f"/questions/{question.id}")), ".changes")[0].text_content()
    assert "单选题" in changes and "判断题" in changes


def test_the_preview_shows_what_takers_see_and_stores_nothing(make, browser, bank):
    make.question(bank, "true_false", stem="支委会任期一般几年（　　）三年五年", key=["true"])
    answer = browser.post(f"/banks/{bank.id}/questions/preview", data=question_form(key=[]), headers={"HX-Request": "true"})
    page = tree(answer)
    assert [option.text_content() for option in find(page, ".opt .tx")] == ["三年", "五年"]
    assert "请勾选正确答案" in find(page, ".checklist")[0].text_content()
    assert "相同" in find(page, ".checklist")[0].text_content()
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "true_false", "fill_blank", "made_up"])
def test_the_preview_bears_an_unfinished_question_of_any_kind(browser, bank, kind):
    answer = browser.post(f"/banks/{bank.id}/questions/preview", data={"kind": kind})
    assert answer.status_code == 200


def test_a_made_up_field_changes_nothing(browser, bank):  # R51
    browser.post(
        f"/banks/{bank.id}/questions/new", data=question_form(state="retired", number="99", bank_id="5", created_by_id="1")
    )
    question = latest()
    assert (question.number, question.state, question.bank_id) == (1, "approved", bank.id)


def test_hidden_characters_are_taken_out(browser, bank):  # R55
    browser.post(
        f"/banks/{bank.id}/questions/new", data=question_form(stem="任期\u202e几年\x00？", option=["三\x07年", "五年", ""])
    )
    body = latest().current.body
    assert (body["stem"], body["options"][0]["text"]) == ("任期几年？", "三年")


# ---- banks ----


def test_a_bank_is_made_and_named_once(browser, root):
    assert browser.post("/banks/new", data={"name": "党章", "unit_id": root.id}).status_code == 303
    again = browser.post("/banks/new", data={"name": "党章", "unit_id": root.id, "description": "学习用"})
    assert again.status_code == 422
    assert "已有同名题库" in again.text and "学习用" in again.text


def test_a_bank_cannot_be_made_for_another_unit(make, browser):  # R50
    assert browser.post("/banks/new", data={"name": "别处", "unit_id": make.unit().id}).status_code == 422


def test_a_banks_name_is_changed_and_a_stale_form_overwrites_nothing(browser, bank):  # R25
    seen = find(tree(browser.get(f"/banks/{bank.id}/edit")), "[name=seen]")[0].get("value")
    browser.post(f"/banks/{bank.id}/edit", data={"name": "支部工作", "seen": seen})
    late = browser.post(f"/banks/{bank.id}/edit", data={"name": "别的名称", "seen": seen})
    assert late.status_code == 409
    assert "支部工作" in late.text
    assert db.session.get(Bank, bank.id).name == "支部工作"


def test_pages_escape_what_people_write(browser, bank):
    browser.post(f"/banks/{bank.id}/questions/new", data=question_form(stem="<script>alert(1)</script>", source="<b>x</b>"))
    for path in (f"/banks/{bank.id}", f"/questions/{latest().id}", f"/questions/{latest().id}/edit"):
        text = browser.get(path).text
        assert "<script>alert" not in text and "<b>x</b>" not in text


def test_each_page_has_one_filled_button_and_one_heading(make, browser, bank):
    question = make.question(bank)
    for path in (
        "/banks",
        f"/banks/{bank.id}",
        f"/questions/{question.id}",
        f"/questions/{question.id}/edit",
        f"/banks/{bank.id}/questions/new",
    ):
        page = tree(browser.get(path))
        assert len(find(page, "main .button.primary")) == 1, path
        assert len(find(page, "h1")) == 1, path
        ids = re.findall(r'\sid="([^"]+)"', browser.get(path).text)
        assert len(ids) == len(set(ids)), path


def test_versions_name_their_author(make, browser, bank, trainer):
    browser.post(f"/banks/{bank.id}/questions/new", data=question_form())
    assert db.session.scalars(select(QuestionVersion)).one().created_by_id == trainer.id
    assert db.session.get(Person, trainer.id).name in browser.get(f"/questions/{latest().id}").text
