"""The whole story through plain HTTP: from a roster and a question file to a unit signing its notice.

An administrator loads units and people, a trainer loads questions, makes a paper and schedules a test; three people sit it, a fourth
stays away; the deadline passes; results are confirmed, notices drafted, approved by a second person, issued, mailed, signed for.
"""

import io
import json
import re
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
import xlsxwriter
from lxml import html
from sqlalchemy import select

from app.core import audit, clock, jobs
from app.core.db import db
from app.exams.models import Attempt, Sitting
from app.exams.queries import versions
from app.exams.service import closing, marking
from app.notices.models import NoticeCopy, Receipt
from app.papers.models import Paper
from app.people.models import Person
from tests.exams.conftest import page_text
from tests.forms import choices, parsed, send
from tests.notices.conftest import mailbox  # noqa: F401 - a fixture

QUESTIONS = """一、单项选择题
1. 党支部党员大会一般多长时间召开一次？
A. 每月  B. 每季度  C. 每半年  D. 每年
答案：B
2. 支部主题党日多久开展一次？（ A ）
A、每月
B、每季度
C、每半年
D、每年
二、判断题
3. 请示应当一文一事。（√）
4. 报告中可以夹带请示事项。（×）
三、填空题
5. 党员每年集中学习培训一般不少于____学时。
答案：三十二|32
"""
ROSTER = [
    ["单位代码", "单位名称", "上级单位", "姓名", "账号", "手机号", "邮箱", "职务", "角色"],
    ["D01", "示例一中", "JY", "林知远", "lin", "13900000001", "lin@example.org", "党务干事", "单位联系人"],
    ["D01", "示例一中", "JY", "周映雪", "zhou", "13900000002", "", "党组织书记", ""],
    ["D01", "示例一中", "JY", "陈望舒", "chen", "13900000003", "", "组织委员", ""],
    ["D02", "示例二小", "JY", "许景明", "xu", "13900000004", "xu@example.org", "党组织书记", "单位联系人"],
    ["D02", "示例二小", "JY", "田一舟", "tian", "1390000", "", "组织委员", ""],  # a bad phone number: this row stays out
]
TAKERS = {"周映雪": "right", "陈望舒": "wrong", "许景明": "right"}


def roster_file():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate(ROSTER):
            sheet.write_row(row, 0, values)
    return buffer.getvalue()


@pytest.fixture
def cast(make, client_of, set_clock):
    """`cast(name)`: one of the bureau's own people, freshly signed in."""
    versions.forget()
    set_clock("2026-04-20 08:00")
    bureau = make.unit("示例市教育局", kind="bureau", code="JY")
    roles = {"温书言": "administrator", "何以安": "administrator", "方若谷": "trainer"}
    people = {name: make.person(name, unit=bureau, roles=[role]).id for name, role in roles.items()}
    return lambda name: client_of(people[name])


def find(name):
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.name == name)).one_or_none()


def import_roster(admin):
    """Dry run first: the bad row is named with its place; the good ones go in alone."""
    answer = send(admin, "/admin/people/imports/new", files={"file": (roster_file(), "名册.xlsx")})
    place = answer.headers["Location"]
    jobs.run_all_due()
    problem = parsed(admin.get(place)).xpath("//tbody/tr")[0].text_content()
    assert "6" in problem
    assert "手机号" in problem
    assert find("林知远") is None  # nothing is written yet
    assert send(admin, place, "/apply").status_code == 303
    jobs.run_all_due()
    assert find("林知远").unit.name == "示例一中"
    assert find("田一舟") is None


def import_questions(trainer):
    """Paste, see what was understood, import; return the bank's address."""
    bank = send(trainer, "/banks/new", name="党支部工作").headers["Location"]
    looked = send(trainer, f"{bank}/imports/new", "/imports", text=QUESTIONS, act="look")
    place = looked.headers["Location"] if looked.status_code == 303 else f"{bank}/imports/new"
    assert "党员大会" in trainer.get(place).text
    draft = place.split("?")[0]
    assert send(trainer, place, draft, to=f"{draft}/store").status_code == 303
    assert "5" in trainer.get(bank).text
    return bank


def make_paper(trainer, bank):
    """Two single choices, two true/false, one blank, drawn from the bank; checked and frozen."""
    counts = {"count_single_choice": "2", "points_single_choice": "20", "count_true_false": "2", "points_true_false": "20",
              "count_fill_blank": "1", "points_fill_blank": "20", "count_multiple_choice": "", "points_multiple_choice": ""}  # fmt: skip
    answer = send(trainer, "/papers/new", title="党建知识测试试卷", bank_ids=[bank.rsplit("/", 1)[-1]], **counts)
    paper = answer.headers["Location"]
    assert "100" in trainer.get(paper).text
    assert trainer.get(f"{paper}/preview").status_code == 200
    assert send(trainer, f"{paper}/freeze").status_code == 303
    assert db.session.scalars(select(Paper.state)).one() == "frozen"


def schedule(trainer):
    """Everybody with a party post, from nine to ten, sixty minutes."""
    units = choices(trainer, "/sittings/new", "unit_ids")
    invited = [value for words, value in units.items() if "示例" in words and "局" not in words]
    answer = send(trainer, "/sittings/new", title="党建知识测试", opens_at="2026-04-20T09:00", closes_at="2026-04-20T10:00", minutes_allowed="60",
                  unit_ids=invited, pass_mark="60", release_score="confirmed", release_answers="confirmed", release_key="never",
                  act="publish")  # fmt: skip
    assert answer.status_code == 303
    db.session.rollback()
    sitting = db.session.scalars(select(Sitting)).one()
    assert sitting.state == "published"
    jobs.run_all_due()
    return sitting.id


def right_answer(item):
    """Answer one question of the page rightly, by its words."""
    words = "".join(item.itertext())
    by_words = {"党员大会": "每季度", "主题党日": "每月", "一文一事": "正确", "夹带": "错误"}
    wanted = next((answer for part, answer in by_words.items() if part in words), None)
    if wanted is None:
        return ["三十二"]
    for label in item.xpath(".//label"):
        if wanted in "".join(label.itertext()):
            return [label.xpath(".//input/@value")[0]]
    raise AssertionError(words)


def sit(browser, sitting_id, how):
    """Start, answer all questions rightly or not at all, hand in; return the receipt page."""
    answer = send(browser, f"/sittings/{sitting_id}", "/start")
    place = answer.headers["Location"]
    text = page_text(browser.get(place))
    assert "答案：" not in text
    page = html.document_fromstring(text)
    main = page.xpath("//*[@data-token]")[0]
    items = page.xpath("//fieldset")
    changes = [
        {"position": n, "seq": n, "answer": right_answer(item) if how == "right" else [], "flag": False, "age_ms": 1}
        for n, item in enumerate(items, 1)
    ]
    headers = {"X-Attempt-Token": main.get("data-token"), "Content-Type": "application/json"}
    saved = browser.post(
        f"{place}/responses", data=json.dumps({"changes": changes, "events": [], "final": False}), headers=headers
    )
    assert saved.status_code == 200, saved.text
    assert saved.json["acked"] == len(items)
    done = browser.post(f"{place}/responses", data=json.dumps({"changes": [], "events": [], "final": True}), headers=headers)
    assert done.json["state"] == "handed_in"
    return browser.get(done.json["receipt_url"]).text


def test_from_a_roster_to_a_signature(cast, client_of, client, mailbox, set_clock):  # noqa: F811 - the fixture  # R8, R32, R33, R34, R37
    trainer = cast("方若谷")
    import_roster(cast("温书言"))
    make_paper(trainer, import_questions(trainer))
    sitting_id = schedule(trainer)

    set_clock("2026-04-20 08:59")
    taker = client_of(find("周映雪"))
    assert taker.post(f"/sittings/{sitting_id}/start").status_code == 409  # R11: not before it opens
    set_clock("2026-04-20 09:05")
    receipts = {name: sit(client_of(find(name)), sitting_id, how) for name, how in TAKERS.items()}
    assert all("回执" in text for text in receipts.values())
    # 林知远 stays away

    over = set_clock("2026-04-20 10:01")
    closing.close_due(now=over)
    marking.mark_waiting(now=over)
    db.session.rollback()
    assert {attempt.score for attempt in db.session.scalars(select(Attempt).where(Attempt.state == "handed_in"))} == {100, 0}
    assert "100" not in client_of(find("周映雪")).get("/results").text  # not released yet

    admin, second = cast("温书言"), cast("何以安")
    results = f"/sittings/{sitting_id}/results"
    assert send(admin, results, "/confirm", checked="y").status_code == 303
    answer = send(admin, f"/sittings/{sitting_id}/notices/new", "/notices", sign_by_at="2026-04-23T17:00")
    batch = answer.headers["Location"]
    assert send(second, batch, "/approve").status_code == 303
    assert send(admin, batch, "/issue").status_code == 303
    jobs.run_all_due()

    letters = [message_from_bytes(letter.content) for letter in mailbox.letters]
    subjects = [str(make_header(decode_header(letter["Subject"]))) for letter in letters]
    assert any("示教党通〔2026〕2号" in subject for subject in subjects)
    assert all(any(part.get_content_type() == "application/pdf" for part in letter.walk()) for letter in letters)

    liaison = client_of(find("林知远"))
    db.session.rollback()
    copy = db.session.scalars(select(NoticeCopy).where(NoticeCopy.needs_signature)).one()  # only 示例一中 has people to report
    page = liaison.get(f"/notices/{copy.id}").text
    assert "陈望舒" in page
    assert "林知远" in page
    assert "许景明" not in page
    assert send(liaison, f"/notices/{copy.id}", "/sign", read="y").status_code == 303
    db.session.rollback()
    receipt = db.session.scalars(select(Receipt)).one()
    assert receipt.person.name == "林知远"
    code = re.search(r"/check/([0-9A-Z]{28})", page).group(1)
    assert "文件真实有效" in client.get(f"/check/{code}").text
    assert audit.verify()[1] is None
    assert clock.now() - over < timedelta(days=1)
