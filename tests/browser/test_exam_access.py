"""Everyone can sit the test: by keyboard, with a screen reader, on small screens, with large text, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.exam_page import DESKTOP, HIDE, ready, until

# ---- keyboard, screen readers, sizes ----


def test_the_whole_test_can_be_sat_with_the_keyboard_alone(open_page, exam):  # R85
    exam.ms_left = 41.5 * 60_000  # whole minutes are shown: 41 for as long as this test runs
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
    expect(page.locator("#say")).to_contain_text("剩余 41 分钟。")
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


PAGES = [
    "/attempts/12?q=5",
    "/attempts/12?q=9",
    "/attempts/12?view=check",
    "/attempts/12/check?plain=1",
    "/sittings/3",
    "/attempts/12/receipt",
    "/results/12",
]


def axe_faults(page):
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"]]) for fault in found]


@pytest.mark.parametrize(
    ("width", "size", "scheme"),
    [(390, "std", "light"), (390, "std", "dark"), (390, "xl", "light"), (1280, "std", "light"), (1280, "lg", "light")],
)
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
        assert (
            page.evaluate(
                "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('#sheet *')].map(one => one.getBoundingClientRect().right))"
            )
            <= width
        )


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
