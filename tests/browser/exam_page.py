"""What the browser tests of the exam page share: a Chromium, the stub server, and hands to answer with."""

import logging
import os
import re
import time

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.exam_stub import Exam, serve

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
QUICK = 20  # ms of the page's second in tests that wait for it to try again
SMALL = {"single": 4, "multiple": 2, "judge": 2, "blank": 2}
logging.getLogger("werkzeug").setLevel(logging.ERROR)
expect.set_options(timeout=30_000)

# What waits on the device: [[key, value], …] of the answers without an acknowledgement; ALL_ON_DEVICE with those that have one.
ON_DEVICE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('zhize-exam', 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const store = opening.result.transaction('answers').objectStore('answers');
    const [keys, values] = [store.getAllKeys(), store.getAll()];
    store.transaction.oncomplete = () => { opening.result.close(); resolve(keys.result.map((key, n) => [key, values.result[n]]).filter(([, value]) => !value.acked)); };
  };
})"""
ALL_ON_DEVICE = ON_DEVICE.replace(".filter(([, value]) => !value.acked)", "")
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
    page.on(
        "console",
        lambda message: (
            faults.append(message.text) if message.type == "error" and "Failed to load resource" not in message.text else None
        ),
    )


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


def without_worker(page):
    """Take the service worker away from the next page: what it fetches would pass a test's routes by."""
    page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))")


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


def seconds_shown(page):
    minutes, seconds = re.search(r"(\d+):(\d\d)", page.locator(".ex-top [data-time]").inner_text()).groups()
    return int(minutes) * 60 + int(seconds)


def pass_time(page, exam, seconds):
    """Let time pass at once, for the server and for the page."""
    exam.ms_left -= seconds * 1000
    page.clock.fast_forward(seconds * 1000)
