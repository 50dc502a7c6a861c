"""The exam page in a real Chromium against a stub server: no answer is lost, the clock is the server's, everyone can use it."""

import gzip
import logging
import os
import re
import signal
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from tests.browser.exam_stub import Exam, serve

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
QUICK = 20  # ms of the page's second in tests that wait for it to try again
SMALL = {"single": 4, "multiple": 2, "judge": 2, "blank": 2}
logging.getLogger("werkzeug").setLevel(logging.ERROR)
expect.set_options(timeout=30_000)

# What is on the device: [[key, value], …] of the store of answers.
ON_DEVICE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('zhize-exam', 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const store = opening.result.transaction('answers').objectStore('answers');
    const [keys, values] = [store.getAllKeys(), store.getAll()];
    store.transaction.oncomplete = () => { opening.result.close(); resolve(keys.result.map((key, n) => [key, values.result[n]])); };
  };
})"""
HIDE = "state => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }"


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def exam():
    return Exam(**SMALL)


@pytest.fixture
def exam_stub(exam):
    with serve(exam) as url:
        yield url


def watch(page, faults):
    """Collect what a page must never do: throw, or break the content policy."""
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" and "Failed to load resource" not in message.text else None)


@pytest.fixture
def open_page(chromium, exam_stub):
    """`open_page(path, clock, **context options)`: a new browser context with one page, its clock real or the test's; fails the test on any script error or policy violation."""
    contexts, faults = [], []

    def opened(path="/attempts/12", clock=False, **options):
        context = chromium.new_context(viewport=options.pop("viewport", PHONE), locale="zh-CN", base_url=exam_stub, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        if clock:
            page.clock.install()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def ready(page):
    page.locator("html.ready").wait_for()
    return page


def choose(page, position, letter):
    """Go to a question and choose an option of it as a finger does."""
    go(page, position)
    page.locator(f".q:not([hidden]) .opt:has(input[value='{letter}'])").click()


def go(page, position):
    page.locator("#open-sheet").click()
    page.locator(f"#sheet [data-go='{position}']").click()


def until(condition, seconds=30):
    """Wait for something on the server's side."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError("did not come about")
        time.sleep(0.02)


def shown(page):
    """Letters chosen in the question in view."""
    return page.locator(".q:not([hidden]) .opt input:checked").evaluate_all("inputs => inputs.map(input => input.value)")


# ---- answers ----


def test_each_answer_reaches_the_server_and_leaves_the_device_only_then(open_page, exam):  # R12 R13
    page = ready(open_page())
    exam.slow = 1.0
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    (key, entry), *rest = page.evaluate(ON_DEVICE)
    assert (key, entry["answer"], rest, exam.answers()) == (["7", "12", 1], ["B"], [], {})
    until(lambda: exam.answers() == {1: ["B"]})
    until(lambda: page.evaluate(ON_DEVICE) == [])
    expect(page.locator("#save")).to_contain_text("已保存 10:32:05")


def test_all_kinds_of_answers_and_flags_are_saved_and_stand_there_after_a_reload(open_page, exam):
    page = ready(open_page())
    choose(page, 2, "C")
    choose(page, 5, "A")
    choose(page, 5, "D")
    choose(page, 7, "false")
    go(page, 9)
    page.get_by_label("第 1 空").locator("visible=true").fill("一年")
    page.get_by_label("第 2 空").locator("visible=true").fill("半年")
    page.locator(".q:not([hidden]) .flag").click()
    until(lambda: exam.answers() == {2: ["C"], 5: ["A", "D"], 7: ["false"], 9: ["一年", "半年"]})
    until(lambda: exam.saved[9]["flag"])
    page.reload()
    ready(page)
    expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 9 题，共 10 题")  # the same question
    assert page.locator(".q:not([hidden]) .blank input").evaluate_all("all => all.map(one => one.value)") == ["一年", "半年"]
    go(page, 5)
    assert shown(page) == ["A", "D"]


def test_two_minutes_without_network_lose_nothing(open_page, exam):  # R13 R14
    exam.second = QUICK
    page = ready(open_page())
    page.context.set_offline(True)
    choose(page, 1, "A")
    choose(page, 2, "B")
    choose(page, 2, "C")
    choose(page, 6, "D")
    expect(page.locator("#save")).to_have_text("离线 · 3 题待补传")
    expect(page.locator("[data-note=offline]")).to_contain_text("网络断开，可以继续答题。")
    page.wait_for_timeout(120 * QUICK)  # two of the page's minutes
    assert exam.answers() == {}
    page.context.set_offline(False)
    until(lambda: exam.answers() == {1: ["A"], 2: ["C"], 6: ["D"]})
    expect(page.locator("[data-note=back]")).to_have_text("网络恢复，3 题已补传。")
    expect(page.locator("[data-note=offline]")).to_have_count(0)
    expect(page.locator("#save")).to_contain_text("已保存")


def test_a_reload_brings_back_what_only_the_device_had_and_sends_it(open_page, exam):  # R13
    exam.saved[1] = {"seq": 5, "answer": ["A"], "flag": False}
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "D")
    choose(page, 3, "B")
    page.locator(".q:not([hidden]) .flag").click()
    until(lambda: len(page.evaluate(ON_DEVICE)) == 2)
    page.reload()
    ready(page)
    expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 3 题，共 10 题")
    assert shown(page) == ["B"]
    exam.trouble = None
    until(lambda: exam.answers() == {1: ["D"], 3: ["B"]})
    assert exam.saved[3]["flag"]


def test_an_answer_of_the_device_that_is_older_than_the_servers_is_dropped(open_page, exam):  # R18 R23
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "A")  # seq 1 of the first generation, unsent
    until(lambda: page.evaluate(ON_DEVICE))
    exam.saved[1] = {"seq": 1, "answer": ["C"], "flag": False}  # another device answered the same in between
    exam.generation = 3
    exam.trouble = None
    page.reload()
    ready(page)
    go(page, 1)
    assert shown(page) == ["C"]
    assert exam.answers() == {1: ["C"]}


def test_a_stored_answer_whose_acknowledgement_was_lost_does_no_harm(open_page, exam):  # R16 R23
    exam.second = QUICK
    page = ready(open_page())
    exam.trouble = "lose"
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]})
    choose(page, 1, "C")
    expect(page.locator("#save")).to_have_text("保存失败，点此重试")
    expect(page.locator("[data-note=failed]")).to_have_text("服务器暂时无法保存，答案仍在本机，正在重试。")
    exam.trouble = None
    until(lambda: exam.answers() == {1: ["C"]})
    until(lambda: page.evaluate(ON_DEVICE) == [])


@pytest.mark.parametrize("trouble", [429, "drop"])
def test_too_many_requests_and_a_hotspots_page_are_no_acknowledgement(open_page, exam, trouble):  # R14 R79
    exam.second = QUICK
    page = ready(open_page())
    exam.trouble = trouble
    choose(page, 1, "B")
    page.wait_for_timeout(300)
    assert [entry["answer"] for _, entry in page.evaluate(ON_DEVICE)] == [["B"]]
    exam.trouble = None
    until(lambda: exam.answers() == {1: ["B"]})


def test_one_change_that_the_server_refuses_does_not_hold_up_the_others(open_page, exam):  # R14
    exam.second = QUICK
    exam.refuse = {2}
    page = ready(open_page())
    page.context.set_offline(True)
    for position in (1, 2, 3):
        choose(page, position, "B")
    page.context.set_offline(False)
    until(lambda: exam.answers() == {1: ["B"], 3: ["B"]})
    expect(page.locator("#save")).to_have_text("保存失败，点此重试")
    exam.refuse = set()
    page.locator("#save").click()
    until(lambda: exam.answers() == {1: ["B"], 2: ["B"], 3: ["B"]})


def test_many_changes_go_in_one_request(open_page, exam):  # R79
    page = ready(open_page())
    page.context.set_offline(True)
    for position in (1, 2, 3, 4):
        choose(page, position, "B")
    exam.requests.clear()
    page.context.set_offline(False)
    until(lambda: len(exam.answers()) == 4)
    assert [len(body["changes"]) for body in exam.requests if body["changes"]] == [4]


def test_a_page_that_goes_away_sends_its_last_word_in_small_bodies(open_page, exam):  # R14
    page = ready(open_page())
    page.context.set_offline(True)
    for position in (9, 10):
        go(page, position)
        for field in page.locator(".q:not([hidden]) .blank input").all():
            field.evaluate("field => { field.maxLength = 20000; field.value = '党'.repeat(9000); field.dispatchEvent(new Event('input', {bubbles: true})); }")
    page.evaluate("window.sizes = []; window.fetch = ((was) => (url, options) => { window.sizes.push([options.keepalive, new TextEncoder().encode(options.body).length]); return was(url, options); })(window.fetch); 0")
    page.evaluate(HIDE, "hidden")
    sizes = [size for keepalive, size in page.evaluate("window.sizes") if keepalive]
    assert len(sizes) == 2
    assert max(sizes) <= 60 * 1024
    page.context.set_offline(False)
    page.evaluate(HIDE, "visible")
    until(lambda: set(exam.answers()) == {9, 10})


def test_typing_is_sent_within_a_second_of_the_last_key(open_page, exam):  # R14
    page = ready(open_page())
    go(page, 9)
    page.locator(".q:not([hidden]) .blank input").first.press_sequentially("六个月", delay=60)
    until(lambda: exam.answers() == {9: ["六个月", ""]})
    assert len([body for body in exam.requests if body["changes"]]) == 1


@contextmanager
def profile_browser(playwright, folder, url):
    context = playwright.chromium.launch_persistent_context(folder, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, base_url=url, locale="zh-CN")
    try:
        yield context
    finally:
        try:
            context.close()
        except Exception:  # noqa: BLE001  it was killed
            logging.getLogger(__name__).info("browser was gone")


def browser_processes(folder):
    """Process ids of the browser that runs on this profile folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={folder}".encode() in command:
                found.append(int(entry.name))
    return found


def test_a_browser_killed_while_offline_loses_nothing(playwright, exam, exam_stub, tmp_path):  # R13
    with profile_browser(playwright, tmp_path, exam_stub) as context:
        page = context.new_page()
        page.goto("/attempts/12")
        ready(page)
        context.set_offline(True)
        for position, letter in ((1, "D"), (2, "A"), (5, "C")):
            choose(page, position, letter)
        until(lambda: len(page.evaluate(ON_DEVICE)) == 3)
        for process in browser_processes(tmp_path):
            os.kill(process, signal.SIGKILL)
        until(lambda: not browser_processes(tmp_path))
    assert exam.answers() == {}
    (tmp_path / "SingletonLock").unlink(missing_ok=True)
    with profile_browser(playwright, tmp_path, exam_stub) as context:
        page = context.new_page()
        page.goto("/attempts/12")
        ready(page)
        expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 5 题，共 10 题")
        until(lambda: exam.answers() == {1: ["D"], 2: ["A"], 5: ["C"]})


def test_answers_are_kept_by_person_and_another_one_neither_sees_nor_sends_them(open_page, exam):  # R19
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    page.route("**/attempts/12", lambda route: route.fulfill(body=route.fetch().text().replace('data-person="7"', 'data-person="8"'), content_type="text/html"))
    page.goto("/attempts/12")
    ready(page)
    exam.trouble = None
    exam.requests.clear()
    page.evaluate(HIDE, "visible")
    until(lambda: exam.requests)
    assert page.locator(".opt input:checked").count() == 0
    assert exam.answers() == {}
    assert [key[0] for key, _ in page.evaluate(ON_DEVICE)] == ["7"]


def test_what_nobody_touched_for_a_week_is_wiped_from_the_device(open_page, exam):  # R19
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    page.add_init_script("{ const now = Date.now; Date.now = () => now() + 8 * 24 * 3600e3; }")
    page.goto("/sittings/3")
    until(lambda: page.evaluate(ON_DEVICE) == [])


def test_signing_out_with_unsent_answers_warns(open_page, exam):  # R19
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    page.goto("/sittings/3")
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="换账号").click()
    assert "本机还有 1 题的答案没有传到服务器" in asked.value.message.replace("\xa0", " ")
    asked.value.dismiss()
    assert page.url.endswith("/sittings/3")


def test_when_the_device_cannot_store_the_answers_still_go_in_and_it_is_said(open_page, exam):  # R13
    page = open_page("/")
    page.add_init_script("indexedDB.open = () => { throw new Error('blocked'); };")
    page.goto("/attempts/12")
    ready(page)
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]})
    expect(page.locator("[data-note=device]")).to_contain_text("本机无法暂存答案。")


# ---- the clock ----


def seconds_shown(page):
    minutes, seconds = re.search(r"(\d+):(\d\d)", page.locator(".ex-top [data-time]").inner_text()).groups()
    return int(minutes) * 60 + int(seconds)


def test_the_devices_clock_does_not_matter(open_page, exam):  # R7
    exam.ms_left = 280_000
    page = open_page("/")
    page.add_init_script("{ const now = Date.now; let off = 3600e3; Date.now = () => now() + off; window.moveClock = (by) => { off += by; }; }")
    page.goto("/attempts/12")
    ready(page)
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2
    page.evaluate("window.moveClock(-7200e3)")
    page.wait_for_timeout(1200)
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2


def pass_time(page, exam, seconds):
    """Let time pass at once, for the server and for the page."""
    exam.ms_left -= seconds * 1000
    page.clock.fast_forward(seconds * 1000)


def test_minutes_until_the_last_five_then_seconds_with_a_calm_note(open_page, exam):  # R85
    page = ready(open_page(clock=True))
    expect(page.locator(".ex-top [data-time]")).to_have_text("剩余 41 分钟")
    pass_time(page, exam, 37 * 60)
    expect(page.locator("[data-note=last5]")).to_contain_text("还剩不到 5 分钟。到 11:30 自动交卷，已答的题都计分。")
    assert abs(seconds_shown(page) - exam.ms_left / 1000) <= 2
    page.get_by_role("button", name="知道了，关闭提示").click()
    expect(page.locator("[data-note=last5]")).to_have_count(0)


@pytest.mark.parametrize(("minutes", "region", "words"), [(32, "#say", "剩余 10 分钟。"), (37, "#say", "剩余 5 分钟。"), (41, "#say-now", "剩余 1 分钟。")])
def test_ten_and_five_minutes_are_said_politely_and_one_at_once(open_page, exam, minutes, region, words):  # R85
    page = ready(open_page(clock=True))
    pass_time(page, exam, minutes * 60)
    expect(page.locator(region)).to_have_text(words)
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
    assert page.evaluate(ON_DEVICE) == []


def test_answers_after_the_grace_are_received_as_evidence_in_words(open_page, exam):  # R6
    page = ready(open_page(clock=True))
    page.context.set_offline(True)
    choose(page, 1, "B")
    pass_time(page, exam, 43 * 60)
    expect(page.locator("#over")).to_contain_text("答案已封存在本机")
    page.context.set_offline(False)
    expect(page.locator("#over")).to_contain_text("已收到，超过截止时间，由监考员确认。")
    assert (exam.answers(), exam.late[1]["answer"]) == ({}, ["B"])
    until(lambda: page.evaluate(ON_DEVICE) == [])
    page.get_by_role("link", name="查看回执").click()
    page.wait_for_url("**/receipt")


def test_sealed_answers_of_a_closed_page_are_sent_from_the_receipt(open_page, exam):  # R6 R17
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    page.goto("/")
    exam.trouble, exam.ms_left = None, -31_000
    page.goto("/attempts/12/receipt")
    expect(page.locator("#leftovers")).to_contain_text("本机封存的答案已收到，由监考员确认是否计分。")
    assert exam.late[1]["answer"] == ["B"]
    assert page.evaluate(ON_DEVICE) == []


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
    assert page.locator("[data-check=open] a").all_inner_texts() == [f"第 {n} 题".replace(" ", "\xa0") for n in (3, 5, 6, 7, 8, 9, 10)]
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
    assert page.evaluate(ON_DEVICE) == []


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


# ---- other devices, signing in again ----


def test_a_second_device_takes_over_and_the_first_turns_read_only(open_page, exam):  # R18
    exam.one_device = True
    first = ready(open_page())
    choose(first, 1, "A")
    until(lambda: exam.answers() == {1: ["A"]})
    second = open_page()
    expect(second.locator("main")).to_contain_text("要在这里继续吗？那台设备会停止答题。")
    second.get_by_role("button", name="在这里继续").click()
    ready(second)
    assert shown(second) == ["A"]
    choose(second, 2, "B")
    choose(first, 3, "C")
    expect(first.locator("[data-note=taken_over]")).to_contain_text("那台设备会停止答题")
    expect(first.locator("#save")).to_have_text("已在另一台设备打开")
    expect(first.locator(".q:not([hidden]) fieldset input").first).to_be_disabled()
    until(lambda: exam.answers() == {1: ["A"], 2: ["B"]})
    assert exam.late[3]["answer"] == ["C"]  # evidence, not counted
    first.get_by_role("button", name="在这里继续").click()
    ready(first)
    until(lambda: exam.answers() == {1: ["A"], 2: ["B"], 3: ["C"]})


def test_signing_in_again_happens_inside_the_page_and_nothing_is_lost(open_page, exam):  # R14 R15 R45 R85
    page = ready(open_page())
    exam.trouble = 401
    choose(page, 1, "B")
    box = page.locator("#sign-in")
    expect(box).to_contain_text("答案都在本机，登录后自动补传。")
    box.get_by_label("账号").fill("7")
    box.get_by_label("密码").fill("wrong")
    box.get_by_role("button", name="登录").click()
    expect(box.get_by_role("alert")).not_to_be_empty()
    box.get_by_label("密码").fill("right")
    box.get_by_role("button", name="登录").click()
    expect(box).to_be_hidden()
    until(lambda: exam.answers() == {1: ["B"]})
    assert shown(page) == ["B"]


def test_another_person_signing_in_there_does_not_get_the_answers(open_page, exam):  # R19
    page = ready(open_page())
    exam.trouble = 401
    choose(page, 1, "B")
    box = page.locator("#sign-in")
    box.get_by_label("账号").fill("8")
    box.get_by_label("密码").fill("right")
    box.get_by_role("button", name="登录").click()
    expect(box.get_by_role("alert")).to_contain_text("确认是本人账号")
    assert exam.answers() == {}


# ---- keyboard, screen readers, sizes ----


def test_the_whole_test_can_be_sat_with_the_keyboard_alone(open_page, exam):  # R85
    page = ready(open_page(viewport=DESKTOP))
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.className") == "no"
    assert page.title().startswith("第\xa02\xa0题，共\xa010\xa0题 - ")
    page.keyboard.press("3")
    page.keyboard.press("m")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("A")
    page.keyboard.press("d")
    until(lambda: exam.answers() == {1: ["B"], 2: ["C"], 5: ["A", "D"]} and exam.saved[2]["flag"])
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").replace("\xa0", " ") == "第 5 题，已答，当前"
    page.keyboard.press("t")
    expect(page.locator("#say")).to_have_text("剩余 41 分钟。")
    page.keyboard.press("Enter")  # on the cell: goes there
    assert exam.state == "in_progress"
    page.locator("#to-check").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#check h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.locator("#hand-in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/12/receipt")


def test_keys_are_off_in_text_fields_and_for_who_switches_them_off(open_page, exam):  # R85
    page = ready(open_page(viewport=DESKTOP))
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.get_by_label("在这台设备上使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 1 题，共 10 题")
    page.keyboard.press("?")
    page.get_by_label("在这台设备上使用单键快捷键").check()
    page.keyboard.press("Escape")
    page.locator("#sheet [data-go='9']").click()
    page.locator(".q:not([hidden]) .blank input").first.press_sequentially("bmst")
    page.keyboard.press("Enter")
    until(lambda: exam.answers() == {9: ["bmst", ""]})
    assert not exam.saved[9]["flag"]
    assert exam.state == "in_progress"


PAGES = ["/attempts/12?q=5", "/attempts/12?q=9", "/attempts/12?view=check", "/attempts/12/check?plain=1", "/sittings/3", "/attempts/12/receipt", "/results/12"]


def axe_faults(page):
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize(("width", "size", "scheme"), [(390, "std", "light"), (390, "std", "dark"), (390, "xl", "light"), (1280, "std", "light"), (1280, "lg", "light")])
def test_no_page_has_an_accessibility_fault(open_page, exam, width, size, scheme):  # R85
    exam.text_size = size
    exam.saved = {n: {"seq": n, "answer": ["B"], "flag": n == 3} for n in (1, 2, 3)}
    page = open_page("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults = {}
    for path in PAGES:
        page.goto(path)
        page.wait_for_timeout(250)
        faults[path] = axe_faults(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_the_open_sheet_and_the_notes_have_no_accessibility_fault(open_page, exam):  # R85
    exam.ms_left = 200_000
    page = ready(open_page())
    page.locator("#open-sheet").click()
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#open-sheet")).to_be_focused()


@pytest.mark.parametrize(("width", "size"), [(320, "std"), (320, "lg"), (390, "lg"), (390, "xl"), (1024, "xl")])
def test_nothing_scrolls_sideways(open_page, exam, width, size):  # R85
    exam.text_size = size
    page = open_page(PAGES[0], viewport={"width": width, "height": 640})
    for path in PAGES:
        page.goto(path)
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(PAGES[0])
    if page.locator("#open-sheet").is_visible():
        page.locator("#open-sheet").click()
        assert page.evaluate("Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('#sheet *')].map(one => one.getBoundingClientRect().right))") <= width


def test_the_text_size_changes_in_place_and_is_kept(open_page, exam):  # R85
    page = ready(open_page(viewport=DESKTOP))
    page.get_by_role("button", name="大字").locator("visible=true").click()
    assert page.locator("html").get_attribute("data-text") == "lg"
    until(lambda: exam.text_size == "lg")
    expect(page.get_by_role("button", name="特大").locator("visible=true")).to_be_focused()


def test_leaving_the_page_is_counted_and_said(open_page, exam):
    page = ready(open_page())
    page.evaluate(HIDE, "hidden")
    page.wait_for_timeout(1100)
    page.evaluate(HIDE, "visible")
    expect(page.locator("[data-note=left]")).to_contain_text("你离开过考试页面 1 次，已记录。可以继续答题。")
    until(lambda: [event["kind"] for event in exam.events] == ["left_page"])
    assert exam.events[0]["seconds"] == 1


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


@pytest.mark.parametrize(("state", "words"), [("in_progress", "继续考试"), ("late", "已过最晚进场时间 10:45。"), ("closed", "这场考试已结束"), ("handed_in", "查看回执")])
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
    missing = re.compile(r"\.at\(|structuredClone|randomUUID|\binert\b|replaceAll\(|Object\.hasOwn|\.submitter|AbortSignal\.timeout|^await ", re.M)
    assert {path.name: missing.findall(path.read_text("utf-8")) for path in folder.glob("*.js") if missing.search(path.read_text("utf-8"))} == {}
    styles = re.compile(r":has\(|@container|color-mix\(|aspect-ratio|@layer")
    assert {path.name: styles.findall(path.read_text("utf-8")) for path in folder.glob("*.css") if styles.search(path.read_text("utf-8"))} == {}
