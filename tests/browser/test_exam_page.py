"""No answer is lost: device first, then the server, through dead networks, reloads, killed browsers, other devices and other people."""

import logging
import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.exam_page import (  # noqa: F401 - some are taken from here by the story
    ALL_ON_DEVICE,
    CHROMIUM,
    DESKTOP,
    FLAGS,
    HIDE,
    ON_DEVICE,
    PHONE,
    QUICK,
    choose,
    chromium,
    go,
    playwright,
    ready,
    shown,
    until,
    watch,
    without_worker,
)


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


def test_a_page_made_before_the_last_save_was_stored_still_shows_it(open_page, exam):  # R13
    page = ready(open_page())
    made_before = page.request.get("/attempts/12").text()
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]})
    until(lambda: page.evaluate(ON_DEVICE) == [])
    without_worker(page)
    page.route("**/attempts/12", lambda route: route.fulfill(body=made_before, content_type="text/html"))
    page.goto("/attempts/12")
    ready(page)
    assert shown(page) == ["B"]


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
            field.evaluate(
                "field => { field.maxLength = 20000; field.value = '党'.repeat(9000); field.dispatchEvent(new Event('input', {bubbles: true})); }"
            )
    page.evaluate(
        "window.sizes = []; window.fetch = ((was) => (url, options) => { window.sizes.push([options.keepalive, new TextEncoder().encode(options.body).length]); return was(url, options); })(window.fetch); 0"
    )
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
def profile_browser(launcher, folder, url):
    context = launcher.chromium.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, base_url=url, locale="zh-CN"
    )
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


def test_a_browser_killed_while_offline_loses_nothing(playwright, exam, exam_stub, tmp_path):  # noqa: F811 - the fixture; R13
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
    without_worker(page)
    page.route(
        "**/attempts/12",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('data-person="7"', 'data-person="8"'), content_type="text/html"
        ),
    )
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
    until(lambda: page.evaluate(ALL_ON_DEVICE) == [])


def test_signing_out_with_unsent_answers_warns(open_page, exam):  # R19
    page = ready(open_page())
    exam.trouble = 503
    choose(page, 1, "B")
    until(lambda: page.evaluate(ON_DEVICE))
    page.goto("/sittings/3")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="换账号").click()
    assert "本机还有 1 题的答案没有传到服务器" in asked.value.message.replace("\xa0", " ")
    assert page.url.endswith("/sittings/3")


def test_when_the_device_cannot_store_the_answers_still_go_in_and_it_is_said(open_page, exam):  # R13
    page = open_page("/")
    page.add_init_script("indexedDB.open = () => { throw new Error('blocked'); };")
    page.goto("/attempts/12")
    ready(page)
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]})
    expect(page.locator("[data-note=device]")).to_contain_text("本机无法暂存答案。")


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


def test_of_two_windows_of_one_browser_only_the_newer_answers(open_page, exam):  # R18
    older = ready(open_page())
    choose(older, 1, "A")
    newer = older.context.new_page()
    newer.goto("/attempts/12")
    ready(newer)
    expect(older.locator("[data-note=taken_over]")).to_contain_text("这场考试已在另一个窗口打开。")
    expect(older.locator(".q:not([hidden]) fieldset input").first).to_be_disabled()
    choose(newer, 1, "C")
    until(lambda: exam.answers() == {1: ["C"]})
    older.get_by_role("button", name="在这里继续").click()
    expect(newer.locator("[data-note=taken_over]")).to_be_visible()
    ready(older)
    assert shown(older) == ["C"]


def test_signing_in_again_happens_inside_the_page_and_nothing_is_lost(open_page, exam):  # R14 R15 R45 R85
    page = ready(open_page())
    until(lambda: exam.requests)
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
    until(lambda: exam.requests)
    exam.trouble = 401
    choose(page, 1, "B")
    box = page.locator("#sign-in")
    box.get_by_label("账号").fill("8")
    box.get_by_label("密码").fill("right")
    box.get_by_role("button", name="登录").click()
    expect(box.get_by_role("alert")).to_contain_text("确认是本人账号")
    assert exam.answers() == {}
