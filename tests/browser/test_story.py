"""The whole story in a real Chromium, several people at once, against the real app, a real database and a real mail server.

The app runs in this process on a free port of this computer, so that the test holds the server's clock; a thread does the worker's part.
"""

import io
import re
import threading
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import docx
import pytest
import xlsxwriter
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from app.core import clock, jobs
from app.core.db import db
from app.exams.models import Attempt, Response, Sitting
from app.exams.queries import versions
from app.notices.models import Receipt
from app.people import passwords
from app.people.models import Person
from tests.browser.test_exam_page import DESKTOP, PHONE, chromium, playwright, until, watch  # noqa: F401 - fixtures
from tests.notices.conftest import mailbox  # noqa: F401 - a fixture

PASSWORD = "清晨读书会写笔记2026"  # noqa: S105 - of made-up people
SAMPLE = Path(__file__).resolve().parents[3] / "shared/samples/questions/maogai2023_4.docx"
TAKERS = ("周映雪", "陈望舒", "许景明")
ABSENT = "田一舟"


@pytest.fixture
def people(make, set_clock):
    """A bureau with two administrators and a trainer, who have passwords."""
    set_clock("2026-04-20 08:30")
    hashed = passwords.hash_password(PASSWORD)
    bureau = make.unit("示例市教育局", kind="bureau", code="JY")
    for name, account, role in (
        ("温书言", "wen", "administrator"),
        ("何以安", "he", "administrator"),
        ("方若谷", "fang", "trainer"),
    ):
        make.person(name, unit=bureau, roles=[role], account=account, password_hash=hashed)
    return hashed


@pytest.fixture
def site(app, people):
    """The app on a port, with its form tokens checked and the worker's part done by a thread; yields its address. `people` has set the clock before."""
    versions.forget()
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            with app.app_context():
                jobs.run_periodic()
                jobs.run_all_due()
                db.session.remove()
            stop.wait(0.2)

    threads = [threading.Thread(target=server.serve_forever, daemon=True), threading.Thread(target=work, daemon=True)]
    [thread.start() for thread in threads]
    yield f"http://127.0.0.1:{server.server_port}"
    stop.set()
    server.shutdown()
    [thread.join(20) for thread in threads]
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def browse(chromium, site):  # noqa: F811 - the fixture
    """`browse(account, viewport)`: a page in a browser of its own, signed in; any script error or policy violation fails the test."""
    contexts, faults = [], []

    def opened(account, viewport=DESKTOP, install_clock=False):
        context = chromium.new_context(viewport=viewport, locale="zh-CN", base_url=site, has_touch=viewport is PHONE)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        if install_clock:
            page.clock.install()
        page.goto("/signin")
        page.get_by_label("账号或手机号").fill(account)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/signin" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def roster():
    rows = [["单位代码", "单位名称", "上级单位", "姓名", "账号", "邮箱", "职务", "角色"],
            ["D01", "示例一中", "JY", "林知远", "lin", "lin@example.org", "党务干事", "单位联系人"]]  # fmt: skip
    rows += [
        ["D01", "示例一中", "JY", name, account, "", "支部书记", ""]
        for name, account in zip((*TAKERS, ABSENT), ("zhou", "chen", "xu", "tian"), strict=True)
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def word_file():
    """The sample as trainers write it; where the samples are not at hand, one of our own, and the output says so."""
    if SAMPLE.exists():
        return SAMPLE.read_bytes()
    print("../shared/samples is not there: the story imports a Word file of its own instead of the sample")
    document = docx.Document()
    for number in range(1, 11):
        document.add_paragraph(
            f"{number}、示例题干之{number}，下列说法正确的是（ ）【单选题】（1分）"
            if number < 7
            else f"{number}、示例多选题干之{number}【多选题】（1分）"
        )
        for letter in "ABCD":
            document.add_paragraph(f"{letter}、第{number}题的选项{letter}")
        document.add_paragraph("正确答案: B" if number < 7 else "正确答案: ABD")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rows(query):
    db.session.rollback()
    return db.session.execute(query).all()


def upload(page, name, data):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def load_people(page, hashed):
    """The administrator imports the roster, dry run first; the test gives the new people a password."""
    page.goto("/admin/people/imports/new")
    upload(page, "名册.xlsx", roster())
    page.locator("form:has(input[type=file]) button").last.click()
    page.get_by_role("button", name="导入", exact=True).click(timeout=60_000)
    until(lambda: rows(select(Person.id).where(Person.name == ABSENT)))
    from app.core.db import unit_of_work

    with unit_of_work() as session:
        session.query(Person).filter(Person.name.in_((*TAKERS, ABSENT, "林知远"))).update({"password_hash": hashed})


def load_questions(page):
    """The trainer makes a bank and imports a Word file; good questions go in, the others stay in the text."""
    page.goto("/banks/new")
    page.locator("[name=name]").fill("示例题库")
    page.locator("form button.primary").click()
    page.wait_for_url("**/banks/*")
    bank = page.url
    page.goto(f"{bank}/imports/new")
    upload(page, "试题.docx", word_file())
    page.wait_for_url(re.compile(r"/imports/\d+"))
    button = page.get_by_role("button", name="题").and_(page.locator(".primary"))
    expect(button).to_be_enabled(timeout=60_000)
    assert int("".join(filter(str.isdigit, button.inner_text()))) >= 9
    button.click()
    page.wait_for_load_state("networkidle")
    return bank.rsplit("/", 1)[-1]


def make_paper(page, bank):
    """Four single and one multiple choice, drawn; frozen after a look at it."""
    page.goto(f"/papers/new?bank_ids={bank}")
    page.locator("[name=title]").fill("示例试卷")
    page.locator(f"input[name=bank_ids][value='{bank}']").check()
    page.wait_for_load_state("networkidle")
    for kind, count, points in (
        ("single_choice", "4", "20"),
        ("multiple_choice", "1", "20"),
        ("true_false", "", ""),
        ("fill_blank", "", ""),
    ):
        page.locator(f"[name=count_{kind}]").fill(count)
        page.locator(f"[name=points_{kind}]").fill(points)
    page.locator("form button.primary").click()
    page.wait_for_url("**/papers/*")
    page.goto(f"{page.url}/freeze")
    page.locator("form[action$='/freeze'] button.primary").click()
    page.wait_for_load_state("networkidle")


def schedule(page):
    """Everyone of the school, nine to ten, full marks to pass: whoever errs once is reported."""
    page.goto("/sittings/new")
    page.locator("[name=title]").fill("党建知识测试")
    page.locator("[name=opens_at]").fill("2026-04-20T09:00")
    page.locator("[name=closes_at]").fill("2026-04-20T10:00")
    page.locator("[name=pass_mark]").fill("100")
    for box in page.locator("input[name=unit_ids]").all():
        box.set_checked(page.locator(f"label[for='{box.get_attribute('id')}']").inner_text().strip() == "示例一中")
    page.get_by_role("button", name="发布").last.click()
    confirm = page.locator("dialog[open] button").filter(has_text="是")
    if confirm.count():
        confirm.first.click()
    until(lambda: rows(select(Sitting.id).where(Sitting.state == "published")))
    until(lambda: len(rows(select(Attempt.id))) == 5)
    return rows(select(Sitting.id))[0][0]


def start(page, sitting_id):
    page.goto(f"/sittings/{sitting_id}")
    button = page.locator("#start")
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_url("**/attempts/*")
    page.locator("html.ready").wait_for()


def answer(page, count):
    """Choose the first option of the next `count` questions, with the button on to the next one."""
    for _ in range(count):
        page.locator(".q:not([hidden]) .opt").first.click()
        page.locator("#next").click()


def saved(name):
    query = (
        select(Response.position)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Person.name == name)
    )
    return {position for (position,) in rows(query)}


def hand_in(page):
    page.locator("#open-sheet").click()
    page.locator("#to-check").click()
    page.locator("#hand-in").click()
    page.wait_for_url("**/receipt", timeout=60_000)
    expect(page.locator("main, body").first).to_contain_text("回执")


def test_the_whole_story_in_browsers(site, people, browse, mailbox, set_clock):  # noqa: F811 - fixtures  # R7 R8 R13 R17 R32 R34 R35 R37
    load_people(browse("wen"), people)
    trainer = browse("fang")
    bank = load_questions(trainer)
    make_paper(trainer, bank)
    sitting_id = schedule(trainer)

    set_clock("2026-04-20 09:05")
    first = browse("zhou", PHONE, install_clock=True)  # loses the network for two minutes
    start(first, sitting_id)
    answer(first, 2)
    until(lambda: saved(TAKERS[0]) == {1, 2})
    first.context.set_offline(True)
    answer(first, 2)
    first.clock.fast_forward("02:00")
    expect(first.locator("body")).to_contain_text("离线")
    assert saved(TAKERS[0]) == {1, 2}
    first.context.set_offline(False)
    first.clock.fast_forward(20_000)
    until(lambda: saved(TAKERS[0]) == {1, 2, 3, 4})
    hand_in(first)

    second = browse("chen", PHONE)  # reloads
    start(second, sitting_id)
    answer(second, 3)
    second.reload()
    second.locator("html.ready").wait_for()
    until(lambda: saved(TAKERS[1]) == {1, 2, 3})
    hand_in(second)

    third = browse("xu", PHONE)  # never hands in
    start(third, sitting_id)
    answer(third, 2)
    until(lambda: saved(TAKERS[2]) == {1, 2})

    set_clock("2026-04-20 10:02")
    until(lambda: len(rows(select(Attempt.id).where(Attempt.state == "handed_in", Attempt.marked_at.is_not(None)))) == 3)
    closed = rows(select(Attempt.closed_by, Attempt.submitted_at).where(Attempt.closed_by == "server"))
    assert [by for by, _ in closed] == ["server"]
    assert clock.local(closed[0][1]) == datetime(2026, 4, 20, 10, 0, tzinfo=clock.SHANGHAI)

    admin = browse("wen")
    admin.goto(f"/sittings/{sitting_id}/results")
    admin.get_by_label("我已核对成绩，以本人名义确认").check()
    admin.get_by_role("button", name="确认成绩").click()
    admin.get_by_role("link", name="起草通报").click()
    admin.get_by_role("button", name="起草通报").click()
    admin.wait_for_url("**/admin/notices/batch**")

    other = browse("he")
    other.goto(admin.url.replace(site, ""))
    other.get_by_role("button", name="批准 2 份通报").click()
    other.wait_for_load_state("networkidle")
    admin.reload()
    admin.get_by_role("button", name="编号并印发 2 份").click()
    admin.locator("dialog[open] button").first.click()
    expect(admin.locator("#batch")).to_contain_text("待签收", timeout=60_000)

    until(lambda: len(mailbox.letters) >= 2)
    letters = [message_from_bytes(letter.content) for letter in mailbox.letters]
    assert all(letter["To"] == "lin@example.org" for letter in letters)
    assert all(
        part.get_payload(decode=True).startswith(b"%PDF")
        for letter in letters
        for part in letter.walk()
        if part.get_content_type() == "application/pdf"
    )

    liaison = browse("lin", PHONE)
    liaison.goto("/notices")
    liaison.get_by_role("link", name="缺考").click()
    expect(liaison.locator("article.document")).to_contain_text(ABSENT)
    liaison.get_by_label("我已阅读全文").check()
    liaison.get_by_role("button", name="签收").click()
    expect(liaison.locator("body")).to_contain_text("已签收")
    until(lambda: rows(select(Receipt.id)))
    admin.reload()
    expect(admin.locator("#batch")).to_contain_text("林知远")
