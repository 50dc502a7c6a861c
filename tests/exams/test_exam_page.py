"""The exam page: whole, without a key in it, the same bytes for every client, out of pieces that are shared."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from app.bank import kinds
from app.core.db import db, unit_of_work
from app.exams.page import paper
from app.exams.queries.versions import load_bodies
from app.exams.rules.paper_order import option_seed
from app.people.models import Person, SignIn
from tests.exams.conftest import page_text, token_in

GZIP = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture
def warm(monkeypatch):
    """Keep the pieces between requests, as in production; under test they are dropped after each."""
    monkeypatch.setattr(paper, "forget", lambda: None)
    yield
    monkeypatch.undo()
    paper.forget()


@pytest.fixture
def lane_answers(app, monkeypatch):
    """The list of which requests were answered by a lane: True or False in order."""
    answered = []
    lanes = app.wsgi_app
    real = lanes._answer

    def noted(environ, rest):
        answer = real(environ, rest)
        answered.append(answer is not None)
        return answer

    monkeypatch.setattr(lanes, "_answer", noted)
    return answered


def page_of(sitter, **headers):
    return sitter.browser.get(f"/attempts/{sitter.id}", headers=headers)


def without_the_changing(text):
    """Return a page's text without what differs from one second to the next."""
    return re.sub(r'data-(token|ms-left)="[^"]*"|name="(token|csrf_token)" value="[^"]*"', "", text)


def without_form_tokens(page):
    """Form tokens are signed with the second of the day, which no clock of ours stops."""
    return re.sub(rb'name="csrf_token" value="[^"]*"', b"", page)


def test_the_gzip_page_holds_the_bytes_of_the_plain_page(sitter, set_clock):
    set_clock(sitter.row().started_at)
    packed, plain = page_of(sitter, **GZIP), page_of(sitter, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert without_form_tokens(gzip.decompress(packed.data)) == without_form_tokens(plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Cookie" in packed.headers["Vary"]


def test_the_page_has_every_question_in_the_attempts_order(sitter):
    text = page_text(page_of(sitter))
    versions = [int(found) for found in re.findall(r'<section class="q" id="v-(\d+)"', text)]
    assert versions == [version_id for version_id, _ in sitter.row().items]
    assert text.count('class="sec-h"') == 4
    assert text.rstrip().endswith("</html>")


def test_the_letters_shown_are_the_letters_that_are_marked(sitter, app):
    """What stands behind B on this person's page is what the server takes B for."""
    text, attempt = page_text(page_of(sitter)), sitter.row()
    with app.app_context():
        for version_id, _ in attempt.items:
            name, body = load_bodies([version_id])[version_id]
            shown = re.search(rf'id="v-{version_id}".*?</section>', text, re.DOTALL).group(0)
            texts = re.findall(r'value="([A-Z])".*?<span class="tx">(.*?)</span>', shown)
            for letter, words in texts:
                (label,) = kinds.get(name).normalised(body, [letter], option_seed(attempt.seed, version_id), True)
                assert words == next(option["text"] for option in body["options"] if option["label"] == label)


def test_saved_answers_and_the_last_sequence_come_with_the_page(sitter):
    sitter.save((1, ["B"]), (8, ["三个月</script>", "<!--"], True))
    text = page_text(page_of(sitter))
    assert 'data-acked="2"' in text
    saved = re.search(r'<script type="application/json" id="saved">(.*?)</script>', text, re.DOTALL).group(1)
    assert json.loads(saved) == {
        "1": {"seq": 1, "answer": ["B"], "flag": False, "generation": 1},
        "8": {"seq": 2, "answer": ["三个月</script>", "<!--"], "flag": True, "generation": 1},
    }


def test_a_name_with_markup_stays_text(make, sit):  # R63
    person = make.person(name='<b>"林')
    text = page_text(page_of(sit(make.sitting(people=[person]), person)))
    assert "&lt;b&gt;&#34;林" in text
    assert '<b>"林' not in text


def questions_in(text):
    """Return the sections of the questions, with the white space between tags taken out."""
    return [re.sub(r"\s+", " ", found) for found in re.findall(r'<section class="q".*?</section>', text, re.DOTALL)]


def test_the_joined_page_and_the_page_in_one_rendering_show_the_same_questions(make, sit):
    bank = make.bank()
    questions = [make.question(bank, "single_choice", stem="甲____乙 <b>&\"'", options=count) for count in (2, 4, 6)]
    questions += [make.question(bank, kind) for kind in ("multiple_choice", "true_false", "fill_blank")]
    person = make.person()
    someone = sit(make.sitting(paper=make.paper(questions=questions), people=[person]), person)
    joined, whole = page_text(page_of(someone)), someone.browser.get(f"/attempts/{someone.id}?plain=1").text
    assert questions_in(joined) == questions_in(whole)
    assert len(questions_in(joined)) == 6


SECRET = "密钥QX7"


def test_no_key_and_no_explanation_leaves_before_release(make, sit, client_of):  # R52
    bank = make.bank()
    questions = [
        make.question(bank, "fill_blank", key=[[SECRET]], explanation=SECRET),
        make.question(bank, "single_choice", explanation=SECRET),
    ]
    person = make.person()
    someone = sit(make.sitting(paper=make.paper(questions=questions), people=[person]), person)
    address = f"/attempts/{someone.id}"
    answers = [
        page_of(someone), page_of(someone, **GZIP), someone.browser.get(f"{address}?plain=1"), someone.browser.get(f"{address}/check"),
        someone.save((1, [SECRET[:2]])), someone.save((1, "x")), someone.post(b"{"), someone.browser.get(f"/sittings/{someone.row().sitting_id}"),
        someone.save(final=True), someone.browser.get(f"{address}/receipt"), someone.browser.get(f"/results/{someone.id}"),
    ]  # fmt: skip
    for answer in answers:
        text = page_text(answer)
        assert SECRET not in text
        assert not re.search(r'"key"|data-key=|"correct"|explanation', text)
    assert someone.row().score == 0


def test_right_and_wrong_answers_get_the_same_reply(sitter, set_clock):  # R52
    set_clock(sitter.row().started_at)
    replies = {sitter.post({"changes": [sitter.change(1, [letter], seq=9)], "events": []}).data for letter in "ABCD"}
    assert len(replies) == 1


def test_the_second_visit_comes_from_the_kept_pieces(sitter, warm, lane_answers):
    page_of(sitter)
    page_of(sitter)
    assert lane_answers == [False, True]


def test_lane_and_view_give_the_same_page_and_headers(sitter, warm, lane_answers, set_clock):
    set_clock(sitter.row().started_at)
    sitter.save((1, ["B"]))
    lane_answers.clear()
    for headers in (GZIP, {}):
        view = page_of(sitter, **headers) if not lane_answers else None
        lane = page_of(sitter, **headers)
        if view is not None:
            assert without_the_changing(page_text(view)) == without_the_changing(page_text(lane))
            assert {name: value for name, value in view.headers if name != "Content-Length"} == {
                name: value for name, value in lane.headers if name != "Content-Length"
            }
    assert lane_answers == [False, True, True]


def test_lane_and_view_give_the_same_answer_to_a_save(sitter, lane_answers, set_clock, monkeypatch):
    set_clock(sitter.row().started_at)
    by_lane = sitter.post({"changes": [sitter.change(1, ["B"], seq=5)]})
    monkeypatch.setattr(sitter.app.wsgi_app, "_answer", lambda environ, rest: None)
    by_view = sitter.post({"changes": [sitter.change(1, ["B"], seq=5)]})
    assert lane_answers == [True]
    assert by_lane.json == by_view.json
    assert dict(by_lane.headers) == {
        name: value for name, value in by_view.headers if name != "Vary"
    }  # nothing may be kept anyway


def test_the_kept_page_reads_the_database_once(sitter, warm, app):
    page_of(sitter)
    statements = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page_of(sitter)
    assert statements == []  # its one read goes through a connection of its own


@pytest.mark.parametrize("changed", ["signed out", "disabled", "idle", "other device", "handed in", "time over"])
def test_the_quick_way_opens_for_the_owner_alone(sitter, warm, lane_answers, changed, set_clock, client_of, app):  # R44, R45, R18
    page_of(sitter)
    now = sitter.row().started_at
    with app.app_context(), unit_of_work() as work:
        if changed == "signed out":
            work.execute(update(SignIn).values(revoked_at=now))
        elif changed == "disabled":
            work.execute(update(Person).where(Person.id == sitter.person_id).values(is_active=False))
    if changed == "other device":
        sitter.browser = client_of(sitter.person_id)
    elif changed == "handed in":
        sitter.save(final=True)
    elif changed in ("time over", "idle"):
        set_clock(now + timedelta(minutes=31 if changed == "idle" else 61))
    lane_answers.clear()
    answer = page_of(sitter)
    assert lane_answers == [False]
    assert answer.status_code == {"idle": 200, "other device": 200}.get(changed, 302)


def test_language_and_text_size_have_pieces_of_their_own(sitter, warm, app):
    chinese = page_text(page_of(sitter))
    with app.app_context(), unit_of_work() as work:
        work.execute(update(Person).where(Person.id == sitter.person_id).values(locale="en", text_size="xl"))
    english = page_text(page_of(sitter))
    assert 'lang="zh-CN"' in chinese
    assert "标记" in chinese
    assert 'lang="en"' in english
    assert 'data-text="xl"' in english
    assert "标记" not in english


def test_the_form_token_of_the_kept_page_is_good(sitter, warm, app):  # R47
    page_of(sitter)
    text = page_text(page_of(sitter))
    token = re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        without = sitter.browser.post(f"/attempts/{sitter.id}/take-over")
        with_token = sitter.browser.post(f"/attempts/{sitter.id}/take-over", data={"csrf_token": token})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (without.status_code, with_token.status_code) == (400, 303)


def test_a_token_from_the_page_is_good_for_saves_after_signing_in_again(sitter, client_of):  # R14, R15
    again = client_of(sitter.person_id)
    name = f"__Host-attempt-{sitter.id}"
    again.set_cookie(name, sitter.browser.get_cookie(name).value)
    sitter.browser = again
    sitter.token = token_in(page_of(sitter))
    assert sitter.save((1, ["B"])).status_code == 200
