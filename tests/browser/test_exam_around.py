"""Before the test and without scripts: the start page, plain forms, the weight of the page, old browsers."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.exam_page import ready
from tests.browser.exam_stub import Exam, serve

# ---- without scripts, and weight ----


def test_when_the_pages_own_script_does_not_come_the_paper_is_a_plain_form(open_page, exam):
    exam.scripts = False
    exam.saved[1] = {"seq": 1, "answer": ["A"], "flag": False}
    page = open_page()
    expect(page.locator("main")).to_contain_text("这一页的自动保存没有运行。")
    page.locator(".q").nth(1).locator(".opt").nth(2).click()
    page.get_by_role("button", name="保存答案").click()
    page.wait_for_url("**plain=1")
    assert exam.answers() == {1: ["A"], 2: ["C"]}  # the first was not shown, and is not cleared by that
    assert page.locator(".q").nth(1).locator("input:checked").first.get_attribute("value") == "C"
    page.get_by_role("button", name="检查并交卷").locator("visible=true").click()
    expect(page.locator("main")).to_contain_text("未答")
    page.get_by_role("button", name="仍要交卷").click()
    page.wait_for_url("**/receipt")
    assert (exam.answers(), exam.state) == ({1: ["A"], 2: ["C"]}, "handed_in")


def test_a_browser_without_scripts_saves_and_hands_in(open_page, exam):
    page = open_page(java_script_enabled=False)
    page.wait_for_url("**plain=1")
    page.locator(".q").nth(0).locator(".opt").nth(1).click()
    page.get_by_role("button", name="保存答案").click()
    assert exam.answers()[1] == ["B"]
    page.get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="仍要交卷").click()
    assert page.url.endswith("/receipt")


def test_the_start_is_refused_with_a_reason_where_scripts_are_blocked(open_page, exam):  # R85
    page = open_page("/sittings/3", java_script_enabled=False)
    assert page.get_by_role("button", name="开始考试").is_disabled()
    assert "JavaScript" in page.locator("noscript").inner_text() or page.get_by_role("alert").count()


def test_the_start_button_unlocks_by_the_servers_time(open_page, exam):  # R7 R11
    exam.sitting_state, exam.ms_to_open = "early", 9_000
    page = open_page("/sittings/3")
    start = page.get_by_role("button", name="开始考试")
    expect(page.locator("#wait")).to_have_text(re.compile(r"还有 \d+\s秒 开考，到时自动可点"))
    assert start.is_disabled()
    expect(page.locator(".device .good")).to_have_count(3)
    exam.sitting_state, exam.ms_to_open = "open", 0
    expect(start).to_be_enabled()
    start.click()
    page.wait_for_url("**/attempts/12")


def test_the_start_page_says_that_the_server_cannot_be_reached_and_tries_again(open_page, exam):  # R13
    exam.trouble = 503
    page = open_page("/sittings/3")
    expect(page.locator("[data-check=network]")).to_have_text("连不上服务器。请检查网络，会自动重试。")
    assert page.get_by_role("button", name="开始考试").is_disabled()
    exam.trouble = None
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("button", name="开始考试")).to_be_enabled()


def test_blocked_storage_is_found_before_the_start_and_said(open_page, exam):  # R13
    page = open_page("/")
    page.add_init_script("indexedDB.open = () => { throw new Error('blocked'); };")
    page.goto("/sittings/3")
    expect(page.locator("[data-check=storage]")).to_contain_text("这个浏览器不能暂存答案。")
    start = page.get_by_role("button", name="开始考试")
    assert start.is_disabled()
    page.get_by_label("我知道在这台设备上断网时答案可能丢失，仍要开始。").check()
    expect(start).to_be_enabled()


@pytest.mark.parametrize(
    ("state", "words"),
    [("in_progress", "继续考试"), ("late", "已过最晚进场时间 10:45。"), ("closed", "这场考试已结束"), ("handed_in", "查看回执")],
)
def test_the_start_page_says_what_can_be_done_now(open_page, exam, state, words):
    exam.sitting_state = state
    page = open_page("/sittings/3")
    expect(page.locator("body")).to_contain_text(words)
    assert page.get_by_role("button", name="开始考试").count() == 0


def test_a_page_of_100_questions_stays_under_120_kb(chromium):
    with serve(Exam(single=50, multiple=30, judge=10, blank=10)) as url:
        page = chromium.new_page()
        bodies = []
        page.on("response", lambda response: bodies.append(response.body()) if response.request.method == "GET" else None)
        page.goto(f"{url}/attempts/12")
        ready(page)
        total = sum(len(gzip.compress(body, 6)) for body in bodies)
        page.close()
    assert total < 60_000  # made-up stems repeat and shrink well: half of the 120 kB is left for real ones


def test_scripts_use_nothing_that_old_wechat_browsers_lack():
    folder = Path(__file__).resolve().parents[2] / "static" / "exams"
    missing = re.compile(
        r"\.at\(|structuredClone|randomUUID|\binert\b|replaceAll\(|Object\.hasOwn|\.submitter|AbortSignal\.timeout|^await ", re.M
    )
    assert {
        path.name: missing.findall(path.read_text("utf-8"))
        for path in folder.glob("*.js")
        if missing.search(path.read_text("utf-8"))
    } == {}
    styles = re.compile(r":has\(|@container|color-mix\(|aspect-ratio|@layer")
    assert {
        path.name: styles.findall(path.read_text("utf-8"))
        for path in folder.glob("*.css")
        if styles.search(path.read_text("utf-8"))
    } == {}
