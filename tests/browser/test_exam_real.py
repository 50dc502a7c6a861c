"""The exam page against the real app: the parts that the stub only imitates agree with it, from the start page to the result."""

import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from app.people import passwords
from tests.browser.exam_page import PHONE, choose, go, ready, until, watch, without_worker

PASSWORD = "清晨读书会写笔记2026"


@pytest.fixture
def site(app):
    """The app on a free port, its form tokens checked."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def taker(make):
    """A person with a password who is invited to a sitting that is open."""
    bureau = make.bureau()
    unit = make.unit("示例一中", parent=bureau)
    person = make.person("林知远", unit=unit, account="lin", password_hash=passwords.hash_password(PASSWORD))
    return person, make.sitting(people=[person], release_score="handed_in", release_answers="handed_in")


@pytest.fixture
def signed_in(chromium, site):
    """`signed_in(path)`: a phone of its own, signed in as the taker and gone to `path`; any fault of script or policy fails the test."""
    contexts, faults = [], []

    def opened(path):
        context = chromium.new_context(viewport=PHONE, locale="zh-CN", base_url=site)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        page.goto("/signin")
        fill_in(page)
        page.wait_for_url(lambda url: "/signin" not in url)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def fill_in(place):
    place.get_by_label("账号").fill("lin")
    place.get_by_label("密码", exact=True).fill(PASSWORD)
    place.get_by_role("button", name="登录", exact=True).click()


def start(page):
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_url("**/attempts/*")
    return ready(page)


def test_from_the_start_page_to_the_result(signed_in, taker):  # R12 R13
    page = start(signed_in(f"/sittings/{taker[1].id}"))
    attempt = page.url.split("/attempts/")[1].split("?")[0]
    total = page.locator(".q").count()
    for position in range(1, total + 1):
        go(page, position)
        field = page.locator(".q:not([hidden]) .blank input")
        if field.count():
            field.first.fill("三个月")
        else:
            page.locator(".q:not([hidden]) .opt").first.click()
    expect(page.locator("#save")).to_contain_text("已保存")
    page.locator(".q:not([hidden]) .flag").click()
    page.reload()
    ready(page)
    expect(page.locator("#badge")).to_have_text(f"{total}/{total}")
    expect(page.locator(".q:not([hidden]) .flag input")).to_be_checked()
    page.locator("#next").click()
    expect(page.locator("#hand-in")).to_have_text("交卷")
    page.locator("#hand-in").click()
    page.wait_for_url(f"**/attempts/{attempt}/receipt")
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
    page.goto(f"/results/{attempt}")
    expect(page.locator(".review > li")).to_have_count(total)


def test_a_second_browser_takes_over_with_one_tap(signed_in, taker):  # R18
    first = start(signed_in(f"/sittings/{taker[1].id}"))
    address = first.url.split("?")[0]
    choose(first, 1, "A")
    expect(first.locator("#save")).to_contain_text("已保存")
    second = signed_in(address)
    second.get_by_role("button", name="在这里继续").click()
    ready(second)
    assert second.locator(".q").first.locator("input:checked").first.get_attribute("value") == "A"
    choose(first, 2, "A")
    expect(first.locator("[data-note=taken_over]")).to_contain_text("这里已停止答题")


def test_signing_in_again_uses_the_real_form_inside_the_page(signed_in, taker, app):  # R14 R15
    page = start(signed_in(f"/sittings/{taker[1].id}"))
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.context.clear_cookies(name="__Host-zz")
    forged = app.extensions["attempt_keys"]
    read = forged.read
    forged.read = lambda token: None  # as after a change of keys: no token is known any more
    try:
        choose(page, 1, "A")
        box = page.locator("#sign-in")
        expect(box).to_contain_text("请用林知远本人的账号登录。")
        expect(box.get_by_label("账号")).to_be_visible()
    finally:
        forged.read = read
    fill_in(box)
    expect(box).to_be_hidden()
    expect(page.locator("#save")).to_contain_text("已保存")
    assert page.evaluate("document.body.dataset.kept") == "yes"  # never left the page


def test_without_scripts_the_real_forms_save_and_hand_in(signed_in, taker):
    page = start(signed_in(f"/sittings/{taker[1].id}"))
    choose(page, 1, "B")
    expect(page.locator("#save")).to_contain_text("已保存")
    without_worker(page)
    page.route("**/exam.js*", lambda route: route.abort())
    page.goto(page.url.split("?")[0])
    expect(page.locator("main")).to_contain_text("这一页的自动保存没有运行。")
    page.locator(".q").nth(1).locator(".opt").first.click()
    page.get_by_role("button", name="保存答案").click()
    page.wait_for_url("**plain=1")
    assert [page.locator(".q").nth(n).locator("input:checked").count() for n in (0, 1)] == [1, 1]
    page.get_by_role("button", name="检查并交卷").locator("visible=true").click()
    page.get_by_role("button", name="仍要交卷").click()
    page.wait_for_url("**/receipt")
    until(lambda: page.get_by_role("heading", name="已交卷").count())
