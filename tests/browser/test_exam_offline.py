"""Reloading without network: the exam page comes back from this browser, with the answers and a sensible clock."""

import os
import re
import signal

from playwright.sync_api import expect

from tests.browser.exam_page import ON_DEVICE, QUICK, choose, go, ready, shown, until
from tests.browser.test_exam_page import browser_processes, profile_browser

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  return found.sort();
}"""


def kept_pages(page):
    return [path for path in page.evaluate(KEPT) if path.startswith("/attempts/")]


def opened_and_kept(page, exam):
    """Wait until the page and its scripts are kept."""
    ready(page)
    until(lambda: kept_pages(page) == ["/attempts/12"] and any(path.endswith("exams/exam.js") for path in page.evaluate(KEPT)))
    return page


def test_a_reload_without_network_brings_the_page_its_answers_and_the_time_back(open_page, exam):  # R13 R65
    exam.second, exam.ms_left = QUICK, 41.5 * 60_000
    page = opened_and_kept(open_page(), exam)
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]})
    page.context.set_offline(True)
    choose(page, 2, "C")
    until(lambda: len(page.evaluate(ON_DEVICE)) == 1)
    page.reload()
    ready(page)
    expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 2 题，共 10 题")
    assert shown(page) == ["C"]
    go(page, 1)
    assert shown(page) == ["B"]  # acknowledged before; the kept page is older than that
    minutes = re.search(r"剩余\s(\d+)\s分钟", page.locator(".ex-top [data-time]").inner_text())
    assert 39 <= int(minutes.group(1)) <= 41
    choose(page, 1, "D")
    page.context.set_offline(False)
    until(lambda: exam.answers() == {1: ["D"], 2: ["C"]})


def test_what_was_acknowledged_is_not_sent_again_nor_counted_as_waiting(open_page, exam):
    exam.second = QUICK
    page = opened_and_kept(open_page(), exam)
    choose(page, 1, "B")
    until(lambda: exam.answers() == {1: ["B"]} and page.evaluate(ON_DEVICE) == [])
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("#save")).to_contain_text("离线")
    assert "1 题" not in page.locator("#save").inner_text()
    exam.requests.clear()
    page.context.set_offline(False)
    until(lambda: exam.requests)
    assert exam.requests[0]["changes"] == []


def test_a_browser_killed_without_network_shows_the_page_again_without_network(playwright, exam, exam_stub, tmp_path):  # R13
    exam.second = QUICK
    with profile_browser(playwright, tmp_path, exam_stub) as context:
        page = context.new_page()
        page.goto("/attempts/12")
        opened_and_kept(page, exam)
        context.set_offline(True)
        choose(page, 5, "C")
        until(lambda: len(page.evaluate(ON_DEVICE)) == 1)
        for process in browser_processes(tmp_path):
            os.kill(process, signal.SIGKILL)
        until(lambda: not browser_processes(tmp_path))
    (tmp_path / "SingletonLock").unlink(missing_ok=True)
    with profile_browser(playwright, tmp_path, exam_stub) as context:
        context.set_offline(True)
        page = context.new_page()
        page.goto("/attempts/12")
        ready(page)
        expect(page.locator(".q:not([hidden]) .no")).to_contain_text("第 5 题，共 10 题")
        assert shown(page) == ["C"]
        context.set_offline(False)
        until(lambda: exam.answers() == {5: ["C"]})


def test_a_server_that_fails_for_a_moment_does_not_take_the_page_away(open_page, exam):
    exam.second = QUICK
    page = opened_and_kept(open_page(), exam)
    exam.broken = True
    page.reload()
    ready(page)
    exam.broken = False


def test_handing_in_and_signing_out_let_go_of_the_kept_page(open_page, exam):  # R19 R65
    exam.second = QUICK
    page = opened_and_kept(open_page(), exam)
    page.locator("#open-sheet").click()
    page.locator("#to-check").click()
    page.locator("#hand-in").click()
    page.wait_for_url("**/attempts/12/receipt")
    until(lambda: kept_pages(page) == [])


def test_somebody_else_on_this_browser_finds_nothing_kept(open_page, exam):  # R19 R65
    exam.second = QUICK
    page = opened_and_kept(open_page(), exam)
    exam.owner = "8"  # the address now leads this browser's person nowhere
    page.goto("/attempts/12")
    assert "没有找到" in page.content()
    assert kept_pages(page) == []


def test_a_start_page_of_somebody_else_lets_go_of_the_kept_page(open_page, exam):  # R19
    exam.second = QUICK
    page = opened_and_kept(open_page(), exam)
    page.route(
        "**/sittings/3",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('data-person="7"', 'data-person="8"'), content_type="text/html"
        ),
    )
    page.goto("/sittings/3")
    until(lambda: kept_pages(page) == [])


def test_the_start_page_makes_ready_so_that_the_paper_is_kept_without_asking_twice(open_page, exam):
    page = open_page("/sittings/3")
    page.evaluate(
        "navigator.serviceWorker.getRegistration('/attempts/').then(async found => { while (!found.active) await new Promise(r => setTimeout(r, 20)); })"
    )
    asked = []
    page.context.on("request", lambda request: asked.append(request.url) if request.url.endswith("/attempts/12") else None)
    page.goto("/attempts/12")
    opened_and_kept(page, exam)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].workerStart") > 0
