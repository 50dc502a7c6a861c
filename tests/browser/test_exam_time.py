"""The clock is the server's, it is calm, and the end of the test loses nothing and gives nobody less than their time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.exam_page import ALL_ON_DEVICE, HIDE, ON_DEVICE, QUICK, choose, go, pass_time, ready, seconds_shown, until


def test_the_devices_clock_does_not_matter(open_page, exam):  # R7
    exam.ms_left = 280_000
    page = open_page("/")
    page.add_init_script(
        "{ const now = Date.now; let off = 3600e3; Date.now = () => now() + off; window.moveClock = (by) => { off += by; }; }"
    )
    page.goto("/attempts/12")
    ready(page)
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2
    page.evaluate("window.moveClock(-7200e3)")
    page.wait_for_timeout(1200)
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2


def test_minutes_until_the_last_five_then_seconds_with_a_calm_note(open_page, exam):  # R85
    page = ready(open_page(clock=True))
    expect(page.locator(".ex-top [data-time]")).to_have_text("剩余 41 分钟")
    pass_time(page, exam, 37 * 60)
    expect(page.locator("[data-note=last5]")).to_contain_text("还剩不到 5 分钟。到 11:30 自动交卷，已答的题都计分。")
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2
    page.get_by_role("button", name="知道了，关闭提示").click()
    expect(page.locator("[data-note=last5]")).to_have_count(0)


@pytest.mark.parametrize(
    ("minutes", "region", "words"),
    [(32, "#say", "剩余 10 分钟。"), (37, "#say", "剩余 5 分钟。"), (41, "#say-now", "剩余 1 分钟。")],
)
def test_ten_and_five_minutes_are_said_politely_and_one_at_once(open_page, exam, minutes, region, words):  # R85
    page = ready(open_page(clock=True))
    pass_time(page, exam, minutes * 60)
    expect(page.locator(region)).to_contain_text(words)
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_the_time_can_be_hidden_and_comes_back_for_the_last_five_minutes(open_page, exam):
    page = ready(open_page())
    page.locator(".ex-top [data-toggle]").click()
    expect(page.locator(".ex-top [data-time]")).to_have_text("显示时间")
    page.reload()
    ready(page)
    expect(page.locator(".ex-top [data-time]")).to_have_text("显示时间")
    exam.ms_left = 290_000
    page.evaluate(HIDE, "visible")
    expect(page.locator(".ex-top [data-time]")).to_contain_text("剩余 4:")


def test_extra_time_pause_and_words_of_the_invigilator_arrive_with_the_next_answer(open_page, exam):  # R7 R9
    exam.second = QUICK
    exam.ms_left = 200_000
    page = ready(open_page())
    expect(page.locator("[data-note=last5]")).to_be_visible()
    exam.ms_left, exam.due, exam.notice = 800_000, "11:40", "监考员为你加时 10 分钟，现在到 11:40。"
    expect(page.locator("[data-note=notice]")).to_have_text(exam.notice)
    expect(page.locator(".ex-top [data-time]")).to_have_text("剩余 13 分钟")
    expect(page.locator("[data-note=last5]")).to_have_count(0)
    exam.state = "paused"
    expect(page.locator(".ex-top [data-time]")).to_contain_text("已暂停，剩余 13 分钟")
    expect(page.locator(".q:not([hidden]) fieldset input").first).to_be_disabled()
    exam.state = "in_progress"
    expect(page.locator(".q:not([hidden]) fieldset input").first).to_be_enabled()


# ---- the end ----


def test_time_up_without_network_seals_the_answers_and_hands_them_in_afterwards(open_page, exam):  # R8 R17
    page = ready(open_page(clock=True))
    page.context.set_offline(True)
    choose(page, 1, "B")
    pass_time(page, exam, 42 * 60 + 1)
    expect(page.locator("#over")).to_have_text(re.compile("考试时间到。答案已封存在本机，请在 12:00 前联网，系统会自动交卷。"))
    assert exam.answers() == {}
    page.context.set_offline(False)
    page.wait_for_url("**/attempts/12/receipt")
    assert (exam.answers(), exam.state) == ({1: ["B"]}, "handed_in")
    assert page.evaluate(ALL_ON_DEVICE) == []


def test_answers_after_the_grace_are_received_as_evidence_in_words(open_page, exam):  # R6
    page = ready(open_page(clock=True))
    page.context.set_offline(True)
    choose(page, 1, "B")
    pass_time(page, exam, 43 * 60)
    expect(page.locator("#over")).to_contain_text("答案已封存在本机")
    page.context.set_offline(False)
    expect(page.locator("#over")).to_contain_text("已收到，超过截止时间，由监考员确认。")
    assert (exam.answers(), exam.late[1]["answer"]) == ({}, ["B"])
    until(lambda: page.evaluate(ALL_ON_DEVICE) == [])
    page.get_by_role("link", name="查看回执").click()
    page.wait_for_url("**/receipt")


def test_sealed_answers_of_a_closed_page_are_sent_from_the_receipt(open_page, exam):  # R6 R17
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE) and exam.requests)
    before = len(exam.requests)
    page.goto("/")
    until(lambda: len(exam.requests) > before)  # the leaving page's last word, which fails as well
    page.wait_for_timeout(200)
    exam.trouble, exam.ms_left = None, -31_000
    page.goto("/attempts/12/receipt")
    expect(page.locator("#leftovers")).to_contain_text("本机封存的答案已收到，由监考员确认是否计分。")
    assert exam.late[1]["answer"] == ["B"]
    assert page.evaluate(ALL_ON_DEVICE) == []


def test_time_up_hands_in_by_itself_and_never_against_extra_time(open_page, exam):  # R8 R9
    page = ready(open_page(clock=True))
    choose(page, 1, "B")
    until(lambda: exam.answers())
    exam.ms_left = 600_000  # given meanwhile, unknown to the page
    page.context.set_offline(True)
    page.clock.fast_forward(42 * 60_000)
    expect(page.locator("#over")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".ex-top [data-time]")).to_have_text("剩余 9 分钟")
    assert exam.state == "in_progress"
    expect(page.locator(".q:not([hidden]) fieldset input").first).to_be_enabled()
    expect(page.locator("#over")).to_be_hidden()
    pass_time(page, exam, 601)
    page.wait_for_url("**/attempts/12/receipt")
    assert exam.state == "handed_in"


def test_the_check_lists_what_is_open_and_the_safe_act_comes_first(open_page, exam):
    page = ready(open_page())
    for position in (1, 2, 4):
        choose(page, position, "B")
    page.locator(".q:not([hidden]) .flag").click()
    until(lambda: len(exam.answers()) == 3 and exam.saved[4]["flag"])
    page.locator("#open-sheet").click()
    page.get_by_role("button", name="检查并交卷").click()
    assert page.url.endswith("/attempts/12/check")
    expect(page.locator("#check")).to_contain_text("共 10 题，已答 3 题。交卷后不能再修改。")
    assert page.locator("[data-check=open] a").all_inner_texts() == [
        f"第 {n} 题".replace(" ", "\xa0") for n in (3, 5, 6, 7, 8, 9, 10)
    ]
    assert page.locator("[data-check=flagged] a").all_inner_texts() == ["第\xa04\xa0题"]
    expect(page.locator("#nav-check .primary")).to_have_text("去答第 3 题")
    page.locator("#nav-check .primary").click()
    expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 3 题，共 10 题")


def test_handing_in_waits_for_unsent_answers_and_leads_to_the_receipt(open_page, exam):  # R17
    exam.second = QUICK
    page = ready(open_page())
    page.context.set_offline(True)
    choose(page, 1, "B")
    go(page, 10)
    page.get_by_role("button", name="检查并交卷").locator("visible=true").click()  # the last question's next button
    expect(page.locator("#hand-in")).to_have_text("等待补传")
    assert page.locator("#hand-in").is_disabled()
    page.context.set_offline(False)
    expect(page.locator("#hand-in")).to_have_text("仍要交卷")
    page.locator("#hand-in").click()
    page.wait_for_url("**/attempts/12/receipt")
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
    assert (exam.answers(), exam.state) == ({1: ["B"]}, "handed_in")
    assert page.evaluate(ALL_ON_DEVICE) == []


def test_a_hand_in_that_meets_a_dead_network_goes_on_by_itself(open_page, exam):  # R17 R24
    exam.second = QUICK
    page = ready(open_page("/attempts/12?view=check"))
    page.context.set_offline(True)
    page.locator("#hand-in").click()
    expect(page.locator("#over")).to_contain_text("联网后自动交卷")
    exam.trouble = "lose"
    page.context.set_offline(False)
    until(lambda: exam.state == "handed_in")
    exam.trouble = None
    page.wait_for_url("**/attempts/12/receipt")


def test_handing_in_too_early_is_not_offered(open_page, exam):
    exam.earliest, exam.earliest_ms = "10:45", 600_000
    page = ready(open_page("/attempts/12?view=check"))
    expect(page.locator("#hand-in")).to_have_text("10:45 后可交卷")
    assert page.locator("#hand-in").is_disabled()
