"""One's own page: settings, password, phone, devices, data; and how long a sign-in lasts."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from app.core import clock
from app.core.db import db, unit_of_work
from app.people import rules, sessions
from app.people.models import Person, SignIn, SignInThrottle

GOOD = "明月几时有 把酒问青天"


def test_the_page_shows_who_one_is_and_where_one_is_signed_in(make, client_of):
    unit = make.unit("示例一中")
    person = make.person("林知远", unit=unit, account="lin", phone="13800000012", roles=["liaison"])
    client_of(person)
    page = client_of(person).get("/me").get_data(as_text=True)
    for words in ("林知远", "示例一中", "13800000012", "单位联系人", "本设备", "让其他设备都退出"):
        assert words in page


class TestPreferences:
    def test_they_work_signed_out_and_go_along_at_sign_in(self, member, enter, password, app):
        member(account="lin")
        browser = app.test_client()
        answer = browser.post("/preferences", data={"text_size": "lg", "next": "/signin?next=%2Fme"})
        assert answer.location == "/signin?next=%2Fme"
        assert 'data-text="lg"' in browser.get("/signin").get_data(as_text=True)
        enter("lin", password, browser)
        assert 'data-text="lg"' in browser.get("/me").get_data(as_text=True)
        _, other = enter("lin", password)
        assert 'data-text="lg"' in other.get("/me").get_data(as_text=True)

    def test_they_stay_on_the_device_after_signing_out(self, make, client_of):
        browser = client_of(make.person())
        browser.post("/preferences", data={"locale": "en"})
        browser.post("/signout")
        assert "Sign in" in browser.get("/signin").get_data(as_text=True)

    def test_another_persons_choice_on_a_shared_computer_is_not_taken_over(self, member, enter, password):
        member(account="one")
        member(account="two")
        _, browser = enter("one", password)
        browser.post("/preferences", data={"text_size": "xl"})
        browser.post("/signout")
        enter("two", password, browser)
        assert 'data-text="std"' in browser.get("/me").get_data(as_text=True)

    def test_unknown_values_and_foreign_targets_are_ignored(self, make, client_of):  # R47, R51
        browser = client_of(make.person())
        answer = browser.post("/preferences", data={"text_size": "huge", "locale": "../x", "next": "//evil.example"})
        assert answer.location == "/"
        assert 'data-text="std"' in browser.get("/me").get_data(as_text=True)

    def test_they_do_not_make_an_administrators_open_form_stale(self, make, client_of, context):  # R25
        person = make.person()
        client_of(person).post("/preferences", data={"text_size": "lg"})
        assert db.session.get(Person, person.id).version == person.version


class TestPassword:
    def test_a_new_one_is_taken_and_other_devices_are_signed_out(self, member, enter, password, client_of):  # R39, R45
        person = member(account="lin")
        other = client_of(person)
        here = client_of(person)
        assert here.post("/me/password", data={"new_password": GOOD, "again": GOOD}).status_code == 303
        assert here.get("/me").status_code == 200
        assert other.get("/me").status_code == 302
        assert enter("lin", password)[0].status_code == 422
        assert enter("lin", GOOD)[0].status_code == 303

    @pytest.mark.parametrize(
        ("new", "words"),
        [
            ("短密码", "至少 10 个字符"),
            ("x" * 64 + "y" * 65, "最多 128 个字符"),
            ("woaini1314520", "用的人很多"),
            ("1111111111", "用的人很多"),
            ("林知远的密码是什么呢呢", "不能有姓名"),
            ("call13800000012now", "不能有姓名"),
            ("my zhize password", "不能有姓名"),
            ("在示例一中上班的第一天", "不能有姓名"),
        ],
    )
    def test_each_broken_rule_is_said(self, make, client_of, new, words):  # R39
        person = make.person("林知远", unit=make.unit("示例一中"), phone="13800000012")
        answer = client_of(person).post("/me/password", data={"new_password": new, "again": new})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)

    def test_all_broken_rules_are_said_at_once(self, make, client_of):  # R39
        text = (
            client_of(make.person())
            .post("/me/password", data={"new_password": "zhize", "again": "zhizhe"})
            .get_data(as_text=True)
        )
        assert all(words in text for words in ("至少 10 个字符", "不能有姓名", "两次输入的密码不一致"))

    def test_the_present_one_is_not_a_new_one(self, member, client_of, password):
        answer = client_of(member()).post("/me/password", data={"new_password": password, "again": password})
        assert "现在的密码" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("good", ["ten chars!", GOOD, "密码😀密码😀密码😀密码", "a" * 60 + "bcd"])
    def test_any_characters_will_do(self, good):  # R39
        assert rules.password_problems(good, own_words=["林知远", "", "lin"], common={"password123"}) == []

    def test_it_is_on_the_audit_chain_without_the_password(self, member, client_of, acts):  # R72, R75
        client_of(member()).post("/me/password", data={"new_password": GOOD, "again": GOOD})
        (entry,) = acts("password.change")
        assert GOOD not in json.dumps(entry.detail, ensure_ascii=False)


class TestConfirming:
    @pytest.fixture
    def late(self, member, client_of, set_clock, password):
        """A browser whose password was given six minutes ago."""
        start = set_clock("2026-04-01 09:00")
        person = member(account="lin", phone="13800000012")
        browser = client_of(person)
        set_clock(start + timedelta(minutes=6))
        return browser

    def test_an_act_that_needs_it_asks_and_then_goes_on(self, late, password):  # R46
        assert late.get("/me/contact").location == "/me/confirm?next=/me/contact"
        assert late.post("/me/confirm", data={"confirm_password": "wrong-one", "next": "/me/contact"}).status_code == 422
        assert late.post("/me/confirm", data={"confirm_password": password, "next": "/me/contact"}).location == "/me/contact"
        assert late.get("/me/contact").status_code == 200

    def test_what_was_sent_is_kept_and_done_after_the_password(self, late, password, context):  # R46
        asked = late.post("/me/contact", data={"phone": "13900000099", "email": "lin@example.org"})
        assert asked.status_code == 200
        assert 'name="phone" value="13900000099"' in asked.get_data(as_text=True)
        done = late.post("/me/contact", data={"phone": "13900000099", "email": "lin@example.org", "confirm_password": password})
        assert done.status_code == 303
        assert db.session.scalar(select(Person.phone).where(Person.account == "lin")) == "13900000099"

    def test_it_gives_the_sign_in_a_new_token(self, late, password):  # R44
        with late.session_transaction() as session:
            before = session["_user_id"]
        late.post("/me/confirm", data={"confirm_password": password})
        with late.session_transaction() as session:
            assert session["_user_id"] != before
        assert late.get("/me").status_code == 200

    def test_guessing_there_counts_for_the_lockout(self, late, password, context, acts):  # R41, R46
        for _ in range(5):
            late.post("/me/confirm", data={"confirm_password": "wrong-one"})
        assert late.post("/me/confirm", data={"confirm_password": password}).status_code == 422
        assert db.session.scalar(select(SignInThrottle.locks)) == 1
        assert len(acts("password.wrong")) == 6

    def test_it_leads_only_to_own_pages(self, late, password):  # R47
        assert late.post("/me/confirm", data={"confirm_password": password, "next": "https://evil.example"}).location == "/me"


class TestContact:
    def test_a_wrong_number_is_explained_and_kept(self, make, client_of):  # R55
        answer = client_of(make.person()).post("/me/contact", data={"phone": "1380000001", "email": "not-an-address"})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "手机号应为 11 位数字，现在是 10 位" in text
        assert 'value="1380000001"' in text
        assert "name@example.org" in text

    @pytest.mark.parametrize("taken", [{"phone": "13900000001"}, {"account": "13900000001"}])
    def test_a_number_another_person_signs_in_with_is_refused(self, make, client_of, taken):  # R22
        make.person(**taken)
        answer = client_of(make.person()).post("/me/contact", data={"phone": "13900000001"})
        assert answer.status_code == 422
        assert "已有人使用" in answer.get_data(as_text=True)

    def test_the_change_is_on_the_audit_chain_with_masked_numbers(self, make, client_of, acts):  # R72, R75
        client_of(make.person(phone="13800000012")).post("/me/contact", data={"phone": "139 0000 0099", "email": ""})
        (entry,) = acts("person.contact")
        assert entry.detail["before"]["phone"] == "138****0012"
        assert entry.detail["after"]["phone"] == "139****0099"


class TestDevices:
    def test_one_other_device_or_all_can_be_signed_out(self, make, client_of, context):  # R45
        person = make.person()
        here, phone, tablet = (client_of(person) for _ in range(3))
        ids = db.session.scalars(select(SignIn.id).order_by(SignIn.id)).all()
        assert here.post("/me/devices/end", data={"id": ids[1]}).status_code == 303
        assert phone.get("/me").status_code == 302
        assert tablet.get("/me").status_code == 200
        here.post("/me/devices/end")
        assert tablet.get("/me").status_code == 302
        assert here.get("/me").status_code == 200

    def test_nobody_ends_another_persons_sign_in(self, make, client_of, context):  # R48
        victim = make.person()
        theirs = client_of(victim)
        victims_id = db.session.scalar(select(SignIn.id))
        client_of(make.person()).post("/me/devices/end", data={"id": victims_id})
        assert theirs.get("/me").status_code == 200

    def test_the_device_in_use_is_not_ended_here(self, make, client_of, context):
        here = client_of(make.person())
        assert here.post("/me/devices/end", data={"id": db.session.scalar(select(SignIn.id))}).status_code == 404


class TestLifetimes:
    @pytest.mark.parametrize(("roles", "minutes"), [([], 120), (["trainer"], 30)])
    def test_idle_time_ends_a_sign_in(self, make, client_of, set_clock, roles, minutes):  # R45
        start = set_clock("2026-04-01 09:00")
        browser = client_of(make.person(roles=roles))
        set_clock(start + timedelta(minutes=minutes) + sessions.TOUCH_EVERY - timedelta(seconds=1))
        assert browser.get("/me").status_code == 200
        set_clock(clock.now() + timedelta(minutes=minutes) + sessions.TOUCH_EVERY)
        assert browser.get("/me").location.startswith("/signin")

    def test_twelve_hours_end_it_however_busy(self, make, client_of, set_clock):  # R45
        start = set_clock("2026-04-01 08:00")
        browser = client_of(make.person())
        for hour in range(1, 12):
            set_clock(start + timedelta(hours=hour))
            assert browser.get("/me").status_code == 200
        set_clock(start + timedelta(hours=12))
        assert browser.get("/me").status_code == 302

    def test_no_idle_sign_out_while_an_exam_runs(self, make, client_of, set_clock, monkeypatch):  # R45
        start = set_clock("2026-04-01 09:00")
        person = make.person()
        browser = client_of(person)
        monkeypatch.setattr(sessions, "OPEN_ANYWAY", [lambda who, now: who.id == person.id])
        set_clock(start + timedelta(hours=4))
        assert browser.get("/me").status_code == 200

    def test_disabling_a_person_ends_it_at_the_next_request(self, make, client_of, context):  # R45
        person = make.person()
        browser = client_of(person)
        with unit_of_work() as session:
            session.execute(update(Person).where(Person.id == person.id).values(is_active=False))
        assert browser.get("/me").status_code == 302

    def test_use_is_written_at_most_every_five_minutes(self, make, client_of, set_clock, context):
        start = set_clock("2026-04-01 09:00")
        browser = client_of(make.person())
        written = []
        for minute in (1, 4, 6, 7, 10, 12):
            set_clock(start + timedelta(minutes=minute))
            browser.get("/me")
            db.session.rollback()
            written.append(db.session.scalar(select(SignIn.last_seen_at)))
        assert [int((at - start).total_seconds() / 60) for at in written] == [0, 0, 6, 6, 6, 12]

    def test_the_save_path_of_an_exam_neither_reads_nor_writes_sessions(self, app, make, client_of, set_clock):  # R15
        start = set_clock("2026-04-01 09:00")
        browser = client_of(make.person())
        set_clock(start + timedelta(minutes=20))
        seen = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        browser.post("/attempts/987654/responses", json={"changes": []}, headers={"X-Attempt-Token": "x"})
        assert not [sql for sql in seen if "sign_ins" in sql]

    def test_the_time_left_can_be_asked_and_prolonged(self, make, client_of, set_clock):  # R45
        start = set_clock("2026-04-01 09:00")
        browser = client_of(make.person(roles=["trainer"]))
        set_clock(start + timedelta(minutes=33))
        assert browser.get("/session").json["seconds_left"] == 120
        assert browser.post("/session").json["seconds_left"] == 35 * 60


def test_own_data_is_one_file_and_only_ones_own(make, client_of):  # R83
    make.person("别人", account="other")
    answer = client_of(make.person("林知远", account="lin", phone="13800000012")).get("/me/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.get_data(as_text=True))
    assert data["person"]["phone"] == "13800000012"
    assert len(data["sign_ins"]) == 1
    assert "别人" not in answer.get_data(as_text=True)


def test_a_sign_in_row_never_outlives_its_token(make, client_of, context):
    client_of(make.person())
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(func.length(SignIn.token_hash) == 64)) == 1


class TestFormTokens:
    """With form tokens on, as in reality."""

    @pytest.fixture
    def tokens(self, app, monkeypatch):
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    def token_of(self, browser, path="/signin"):
        return re.search(r'csrf-token" content="([^"]+)"', browser.get(path).get_data(as_text=True)).group(1)

    def sign_in(self, browser, account, password):
        data = {"name": account, "password": password, "csrf_token": self.token_of(browser)}
        assert browser.post("/signin", data=data).status_code == 303

    def test_a_page_left_open_can_be_sent_after_signing_in_again(self, app, member, password, tokens, set_clock):  # R85, R47
        start = set_clock("2026-03-01 09:00")
        member(account="lin")
        browser = app.test_client()
        self.sign_in(browser, "lin", password)
        old = self.token_of(browser, "/me")
        set_clock(start + timedelta(hours=5))
        assert browser.get("/me").status_code == 302
        self.sign_in(browser, "lin", password)
        assert browser.post("/me/contact", data={"phone": "", "email": "lin@example.org", "csrf_token": old}).status_code == 303

    def test_another_person_on_the_same_computer_gets_a_new_one(self, app, member, password, tokens, set_clock):  # R47
        start = set_clock("2026-03-01 09:00")
        member(account="lin")
        member(account="he")
        browser = app.test_client()
        self.sign_in(browser, "lin", password)
        old = self.token_of(browser, "/me")
        set_clock(start + timedelta(hours=5))
        self.sign_in(browser, "he", password)
        assert browser.post("/me/contact", data={"phone": "", "email": "", "csrf_token": old}).status_code == 400

    def test_forms_without_a_token_are_refused(self, app, member, client_of, tokens):  # R47
        browser = client_of(member())
        for path in ("/me/contact", "/me/password", "/me/devices/end", "/preferences", "/signout", "/signin", "/session"):
            assert browser.post(path, data={}).status_code == 400, path
