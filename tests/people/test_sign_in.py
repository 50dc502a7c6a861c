"""Signing in: by account or phone, one answer for every failure, lockout, known browsers, one-time passwords."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.people import passwords, rules
from app.people.models import Person, SignIn
from app.people.service import sign_in as service


def is_in(browser):
    return browser.get("/me").status_code == 200


@pytest.mark.parametrize(
    "typed", ["linzhiyuan", " LinZhiYuan ", "ｌｉｎｚｈｉｙｕａｎ", "13800000012", "138 0000 0012", "+86 138-0000-0012"]
)
def test_account_and_phone_both_open_the_door(member, enter, password, typed):
    member(account="linzhiyuan", phone="13800000012")
    answer, browser = enter(typed, password, next="/me")
    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_in(browser)


def test_the_session_is_a_random_token_whose_hash_is_stored(app, member, enter, password, context):  # R44
    member(account="lin")
    answer, browser = enter("lin", password)
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-zz=")]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    with browser.session_transaction() as session:
        token = session["_user_id"]
    stored = db.session.scalar(select(SignIn.token_hash))
    assert len(token) >= 43
    assert token not in stored


def test_each_sign_in_has_a_new_token_and_ends_the_one_before_in_this_browser(member, enter, password, context):  # R44
    member(account="lin")
    _, browser = enter("lin", password)
    with browser.session_transaction() as session:
        first = session["_user_id"]
    enter("lin", password, browser)
    with browser.session_transaction() as session:
        assert session["_user_id"] != first
    assert [row.revoked_at is None for row in db.session.scalars(select(SignIn).order_by(SignIn.id))] == [False, True]


def visible(answer):
    """The page without what differs by design: what was typed, form tokens."""
    page = re.sub(r'(csrf-token" content|csrf_token" value)="[^"]+"', "", answer.get_data(as_text=True))
    return re.sub(r' value="(nobody|lin|old)"', "", page)


def test_unknown_wrong_locked_and_disabled_get_the_same_answer(member, enter, password, app):  # R42
    member(account="lin")
    old = member(account="old")
    with app.app_context(), unit_of_work():
        db.session.get(Person, old.id).is_active = False
    unknown, _ = enter("nobody", password)
    wrong, _ = enter("lin", "not the password")
    disabled, _ = enter("old", password)
    for _ in range(6):
        enter("lin", "not the password")
    locked, _ = enter("lin", password)
    assert {answer.status_code for answer in (unknown, wrong, disabled, locked)} == {422}
    assert len({visible(answer) for answer in (unknown, wrong, disabled, locked)}) == 1


def test_a_password_is_hashed_for_unknown_and_locked_names_too(member, enter, monkeypatch):  # R42
    member(account="lin")
    checked = []
    real = passwords.HASHER.verify
    monkeypatch.setattr(type(passwords.HASHER), "verify", lambda self, stored, text: checked.append(stored) or real(stored, text))
    for name in ["nobody", "lin", *["lin"] * 6]:
        enter(name, "not the password")
    assert len(checked) == 8


def test_what_was_typed_stays_but_not_the_password(member, enter):  # R55
    answer, _ = enter("linzhi", "secret-guess-9")
    text = answer.get_data(as_text=True)
    assert 'value="linzhi"' in text
    assert "secret-guess-9" not in text
    assert "账号或密码不对" in text


def test_an_empty_form_says_what_is_missing(enter):
    answer, _ = enter("", "")
    assert answer.status_code == 422
    assert "请填写账号或手机号" in answer.get_data(as_text=True)
    assert "请填写密码" in answer.get_data(as_text=True)


@pytest.mark.parametrize("target", ["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_signing_in_one_stays_on_this_site(member, enter, password, target):  # R47
    member(account="lin")
    answer, _ = enter("lin", password, next=target)
    assert answer.location == "/"


class TestLockout:
    def test_five_failures_lock_the_account_even_for_the_right_password(self, member, enter, password, set_clock):  # R41
        start = set_clock("2026-04-01 09:00")
        member(account="lin")
        for _ in range(5):
            enter("lin", "wrong-password")
        assert enter("lin", password)[0].status_code == 422
        set_clock(start + timedelta(minutes=15) - timedelta(seconds=1))
        assert enter("lin", password)[0].status_code == 422
        set_clock(start + timedelta(minutes=15))
        assert enter("lin", password)[0].status_code == 303

    def test_four_failures_do_not(self, member, enter, password):  # R41
        member(account="lin")
        for _ in range(4):
            enter("lin", "wrong-password")
        assert enter("lin", password)[0].status_code == 303

    def test_account_and_phone_count_as_one(self, member, enter, password):  # R41
        member(account="lin", phone="13800000012")
        for name in ["lin", "13800000012", "lin", "13800000012", "lin"]:
            enter(name, "wrong-password")
        assert enter("13800000012", password)[0].status_code == 422

    def test_tries_at_once_are_counted_before_any_is_checked(self, app, member, monkeypatch, context):  # R41, R21
        member(account="lin")
        allowed = []

        def guess():
            with app.test_request_context("/signin", method="POST"):
                with unit_of_work():
                    allowed.append(service.begin("lin", now=clock.now()).allowed)
                db.session.remove()

        threads = [threading.Thread(target=guess) for _ in range(12)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert allowed.count(True) == 5

    def test_a_stranger_cannot_lock_out_those_who_signed_in_before(self, member, enter, password):  # R41
        people = [member(account=f"k{n:03}") for n in range(20)]
        browsers = [enter(person.account, password)[1] for person in people]
        for browser in browsers:
            browser.post("/signout")
        for person in people:
            for _ in range(6):
                enter(person.account, "wrong-password", address="198.51.100.9")
        assert all(
            enter(person.account, password, browser)[0].status_code == 303
            for person, browser in zip(people, browsers, strict=True)
        )

    def test_a_known_browser_has_a_count_of_its_own(self, member, enter, password):  # R41
        member(account="lin")
        _, browser = enter("lin", password)
        for _ in range(6):
            enter("lin", "wrong-password", browser)
        assert enter("lin", password, browser)[0].status_code == 422
        assert enter("lin", password)[0].status_code == 303

    def test_a_forged_known_browser_counts_as_unknown(self, member, enter, password, app):  # R41
        member(account="lin")
        for _ in range(6):
            enter("lin", "wrong-password")
        browser = app.test_client()
        browser.set_cookie("__Host-zz-known", "WyJhIixbMV1d.forged")
        assert enter("lin", password, browser)[0].status_code == 422

    def test_the_owner_is_told_of_failures_at_the_next_sign_in(self, member, enter, password):  # R41
        member(account="lin")
        enter("lin", "wrong-password")
        enter("lin", "wrong-password")
        _, browser = enter("lin", password)
        assert "有 2 次登录失败" in browser.get("/me").get_data(as_text=True)

    def test_a_full_house_behind_one_address_gets_in(self, member, enter, password):  # R79
        names = [member(account=f"m{n:03}").account for n in range(40)]
        assert {enter(name, password, address="192.0.2.1")[0].status_code for name in names} == {303}


class TestAddressFailures:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        import app.people.views.sign_in as view

        self.held = []
        monkeypatch.setattr(view, "FAILURES_OF_ADDRESS", (3, 600))
        monkeypatch.setattr(view.limits, "hold_back", lambda: self.held.append(1))

    def test_an_address_with_many_failures_waits_but_is_not_blocked(self, member, enter, password):  # R79
        member(account="lin")
        for n in range(5):
            enter(f"guess{n}", "wrong-password")
        assert self.held == [1]
        assert enter("lin", password)[0].status_code == 303
        assert self.held == [1, 1]

    def test_a_known_browser_there_does_not_wait(self, member, enter, password):  # R79
        member(account="lin")
        _, browser = enter("lin", password)
        for n in range(4):
            enter(f"guess{n}", "wrong-password")
        assert enter("lin", password, browser)[0].status_code == 303
        assert self.held == []


class TestIssuedPasswords:
    @pytest.fixture
    def newcomer(self, make, set_clock):
        set_clock("2026-04-01 09:00")
        self.code = passwords.new_code()
        return make.person(
            account="new", password_hash=passwords.hash_password(self.code), password_issued_until=clock.now() + timedelta(days=7)
        )

    def test_it_must_be_replaced_before_anything_else_opens(self, newcomer, enter):  # R40
        answer, browser = enter("new", self.code)
        assert answer.location.startswith("/me/password")
        assert browser.get("/me").location.startswith("/me/password")
        assert browser.get("/me/password").status_code == 200
        changed = browser.post("/me/password", data={"new_password": "三更灯火五更鸡正是", "again": "三更灯火五更鸡正是"})
        assert changed.status_code == 422  # nine characters
        changed = browser.post("/me/password", data={"new_password": "三更灯火五更鸡，正是", "again": "三更灯火五更鸡，正是"})
        assert changed.status_code == 303, changed.get_data(as_text=True)
        assert is_in(browser)

    def test_it_lapses_after_seven_days_and_says_so_only_to_who_knows_it(self, newcomer, enter, set_clock):  # R40, R42
        set_clock(clock.now() + timedelta(days=7))
        assert "一次性密码已失效" in enter("new", self.code)[0].get_data(as_text=True)
        assert "账号或密码不对" in enter("new", "something else")[0].get_data(as_text=True)

    def test_it_counts_for_a_quarter_of_an_hour_after_its_first_use(self, newcomer, enter, set_clock):  # R40
        _, browser = enter("new", self.code)
        set_clock(clock.now() + timedelta(minutes=15))
        assert browser.get("/me/password").location.startswith("/signin")
        assert enter("new", self.code)[0].status_code == 422

    def test_a_second_use_ends_the_first(self, newcomer, enter):  # R40
        _, first = enter("new", self.code)
        _, second = enter("new", self.code)
        assert first.get("/me/password").location.startswith("/signin")
        assert second.get("/me/password").status_code == 200

    def test_codes_are_random_and_long_enough(self):  # R40
        codes = {passwords.new_code() for _ in range(200)}
        assert len(codes) == 200
        assert all(rules.password_problems(code) == [] for code in codes)


def test_an_outdated_hash_is_renewed_at_the_next_sign_in(make, enter, context):  # R39
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("山高月小水落石出".encode())
    make.person(account="lin", password_hash=old)
    assert enter("lin", "山高月小水落石出")[0].status_code == 303
    stored = db.session.scalar(select(Person.password_hash))
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert enter("lin", "山高月小水落石出")[0].status_code == 303


def test_sign_ins_failures_and_sign_outs_are_on_the_audit_chain(member, enter, password, acts):  # R72, R75
    person = member(account="lin", name="林知远")
    enter("lin", "wrong-password")
    enter("my-password-typed-here", "x")
    _, browser = enter("lin", password)
    browser.post("/signout")
    assert [(entry.actor, entry.object_id) for entry in acts("sign_in")] == [("林知远", str(person.id))]
    known, unknown = acts("sign_in_failed")
    assert (known.actor, known.object_id, known.actor_id) == ("not signed in", str(person.id), None)
    assert "my-password" not in str([unknown.object_id, unknown.detail, unknown.actor])
    assert len(acts("sign_out")) == 1


def test_signing_out_ends_the_session_and_clears_only_the_cache(member, enter, password):  # R45, R64
    member(account="lin")
    _, browser = enter("lin", password)
    with browser.session_transaction() as session:
        token = session["_user_id"]
    answer = browser.post("/signout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    with browser.session_transaction() as session:
        session["_user_id"] = token
    assert browser.get("/me").location.startswith("/signin")


def test_the_start_sends_strangers_to_sign_in_and_others_to_their_page(client, client_of, make):
    assert client.get("/").location == "/signin"
    assert client_of(make.person()).get("/").status_code == 302


def test_sample_accounts_show_only_where_the_sample_data_says_so(app, client, data_dir, monkeypatch):  # R39
    import dataclasses
    import json

    path = data_dir / "demo_accounts.json"
    path.write_text(json.dumps([["管理员", "wen", "sample-password"]]), encoding="utf-8")
    try:
        assert "sample-password" not in client.get("/signin").get_data(as_text=True)
        monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(app.extensions["settings"], demo=True))
        assert "sample-password" in client.get("/signin").get_data(as_text=True)
    finally:
        path.unlink()
