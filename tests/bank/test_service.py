"""Banks and questions as people change them: versions, review, doubles, many at once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from app.bank import rules, service
from app.bank.errors import BankNameTaken, NothingChosen, NotSound
from app.bank.models import Bank, Question, QuestionVersion, Topic
from app.bank.queries import likeness
from app.bank.queries import questions as queries
from app.bank.service import Draft
from app.bank.service.shipped import shipped_drafts
from app.core import audit, clock
from app.core.db import db, unit_of_work
from app.core.errors import Stale


def body(stem="支委会任期一般几年（　　）", texts=("三年", "五年"), key=("A",), explanation="见条例。"):
    options = [{"label": letter, "text": words, "pinned": False} for letter, words in zip("ABCDEF", texts, strict=False)]
    return {"stem": stem, "options": options, "key": list(key), "explanation": explanation}


def draft(stem="支委会任期一般几年（　　）", *, kind="single_choice", texts=("三年", "五年"), key=("A",), **values):
    return Draft(kind, body(stem, texts, key), **values)


def truth(stem, key="true", **values):
    return Draft("true_false", {"stem": stem, "options": [], "key": [key], "explanation": ""}, **values)


@pytest.fixture
def bank(make):
    return make.bank("党支部工作")


@pytest.fixture
def author(make):
    return make.person("方若谷", roles=["trainer"])


@pytest.fixture
def write(context, bank, author):
    """`write(draft)`: a new question of the bank."""

    def new(wanted, by=author):
        with unit_of_work():
            question = service.create_question(db.session.get(Bank, bank.id), wanted, author=by, now=clock.now())
            return question.id

    return lambda wanted, **values: db.session.get(Question, new(wanted, **values))


def store(bank, drafts, author=None, **values):
    with unit_of_work():
        return service.store_questions(bank.id, drafts, author=author, now=clock.now(), **values)


def acts(action):
    return db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == action)).all()


# ---- questions and versions ----


def test_a_new_question_has_the_next_number_and_a_first_version(write, bank):
    one, two = write(draft("甲")), write(draft("乙", topic="组织生活", source="《条例》", level=3))
    assert (one.number, two.number) == (1, 2)
    assert (two.current.number, two.current.body["stem"], two.current.source) == (1, "乙", "《条例》")
    assert (two.topic.name, two.difficulty, two.state) == ("组织生活", 3, "approved")
    assert [entry.detail["after"]["number"] for entry in acts("question.create")] == [1, 2]


def test_new_words_make_a_new_version_and_leave_the_old_one(write, author):  # R29
    question = write(draft())
    first = question.current_version_id
    with unit_of_work():
        again = db.session.get(Question, question.id)
        service.edit_question(
            again, draft("支委会任期是几年（　　）", note="改题干"), seen=again.version, author=author, now=clock.now()
        )
    db.session.expire_all()
    assert [version.number for version in queries.versions_of(question.id)] == [2, 1]
    assert db.session.get(QuestionVersion, first).body["stem"] == "支委会任期一般几年（　　）"
    assert question.current.note == "改题干"
    assert question.fingerprint == rules.fingerprint(question.current.body)


def test_topic_and_difficulty_change_without_a_new_version(write, author):
    question = write(draft())
    with unit_of_work():
        again = db.session.get(Question, question.id)
        service.edit_question(again, draft(topic="任期", level=1), seen=again.version, author=author, now=clock.now())
    db.session.expire_all()
    assert (question.topic.name, question.difficulty, question.current.number) == ("任期", 1, 1)


def test_a_stale_page_changes_nothing(write, author):  # R25
    question = write(draft())
    seen = question.version
    with unit_of_work():
        service.edit_question(db.session.get(Question, question.id), draft("先到的"), seen=seen, author=author, now=clock.now())
    with pytest.raises(Stale), unit_of_work():
        service.edit_question(db.session.get(Question, question.id), draft("后到的"), seen=seen, author=author, now=clock.now())
    assert db.session.get(Question, question.id).current.body["stem"] == "先到的"


def test_a_question_without_a_key_is_refused_in_words(write):
    with pytest.raises(NotSound) as refused:
        write(draft(key=()))
    assert len(refused.value.details) == 1


def test_versions_cannot_be_rewritten(write):  # R29
    question = write(draft())
    with pytest.raises(Exception, match="append|never|not"), unit_of_work() as session:
        session.execute(text("UPDATE question_versions SET source = 'x' WHERE question_id = :id"), {"id": question.id})


# ---- review ----


def approve(questions, reviewer):
    with unit_of_work():
        rows = [db.session.get(Question, question.id) for question in questions]
        return service.approve(rows, reviewer=reviewer, now=clock.now())


def test_nobody_approves_their_own_question(write, author, make):  # R54
    mine, other = write(draft("甲", review=True)), write(draft("乙", review=True), by=make.person("何以安"))
    done = approve([mine, other], author)
    db.session.expire_all()
    assert (done.changed, done.own) == (1, 1)
    assert (mine.state, other.state) == ("review", "approved")
    assert approve([mine], make.person("温书言")).changed == 1


def test_who_changes_a_waiting_question_is_its_author_from_then_on(write, author, make):  # R54
    question = write(draft(review=True))
    second = make.person("何以安")
    with unit_of_work():
        again = db.session.get(Question, question.id)
        service.edit_question(again, draft("改过的", review=True), seen=again.version, author=second, now=clock.now())
    assert approve([question], second).own == 1
    assert approve([question], author).changed == 1


def test_retiring_and_taking_back_do_not_get_round_the_review(write, author):  # R54
    question = write(draft(review=True))
    with unit_of_work():
        service.retire([db.session.get(Question, question.id)], author=author, now=clock.now())
    assert approve([question], author).own == 1
    assert db.session.get(Question, question.id).state == "retired"


def test_bulk_acts_need_questions_and_leave_their_mark(write, author):
    with pytest.raises(NothingChosen), unit_of_work():
        service.retire([], author=author, now=clock.now())
    questions = [write(draft("甲")), write(draft("乙"))]
    with unit_of_work():
        rows = [db.session.get(Question, question.id) for question in questions]
        service.set_topic(rows, "会议", author=author, now=clock.now())
        service.set_level(rows, 3, author=author, now=clock.now())
    db.session.expire_all()
    assert {(question.topic.name, question.difficulty) for question in questions} == {("会议", 3)}
    assert [entry.detail["after"]["numbers"] for entry in acts("question.sort")] == [[1, 2], [1, 2]]


# ---- banks ----


def test_a_bank_name_is_taken_once(context, make):
    unit = make.unit()
    with unit_of_work():
        service.create_bank(unit, "党章", "", author=None, now=clock.now())
    with pytest.raises(BankNameTaken), unit_of_work():
        service.create_bank(unit, "党章", "", author=None, now=clock.now())


# ---- many at once ----


def test_storing_twice_does_not_double(context, bank):  # R62
    drafts = [truth(f"第{n}条陈述。") for n in range(40)]
    assert store(bank, drafts).count == 40
    again = store(bank, [*drafts, truth("新的陈述。")])
    assert (again.count, again.first, len(again.skipped)) == (1, 41, 40)
    assert [known.number for _, known in again.skipped] == list(range(1, 41))


def test_what_the_list_itself_repeats_is_stored_once(context, bank):
    stored = store(bank, [truth("同一句。"), truth(" 同一句！"), truth("另一句。")])
    assert stored.count == 2
    assert [place for place, _ in stored.skipped] == [1]


def test_a_wording_that_was_bettered_is_still_known(context, bank, write, author):  # R62
    store(bank, [truth("支委会每届任期四年。")])
    question = db.session.scalars(select(Question)).one()
    with unit_of_work():
        again = db.session.get(Question, question.id)
        service.edit_question(again, truth("支委会每届任期三年。"), seen=again.version, author=author, now=clock.now())
    stored = store(bank, [truth("支委会每届任期四年。")])
    assert stored.count == 0
    assert stored.skipped[0][1].is_old


def test_one_faulty_question_stops_all_of_a_list(context, bank):
    with pytest.raises(NotSound):
        store(bank, [truth("好的。"), draft(key=())])
    assert db.session.scalar(select(func.count()).select_from(Question)) == 0
    assert db.session.get(Bank, bank.id).last_number == 0


def test_a_double_is_stored_when_that_is_wanted(context, bank):
    store(bank, [truth("同一句。")])
    assert store(bank, [truth("同一句。")], again={0}).first == 2


def test_topics_are_made_once_by_name(context, bank):
    store(bank, [truth(f"句{n}。", topic="党章/总纲" if n % 2 else "") for n in range(6)])
    store(bank, [truth("又一句。", topic="党章/总纲")])
    assert db.session.scalars(select(Topic.name)).all() == ["党章/总纲"]
    assert db.session.scalar(select(func.count()).where(Question.topic_id.is_not(None))) == 4


def test_five_thousand_questions_take_a_few_statements(context, bank, count_queries):
    drafts = [draft(f"第{n}题：任期几年（　　）", topic=f"专题{n % 7}") for n in range(5000)]
    assert count_queries(lambda: store(bank, drafts)) < 40
    assert db.session.get(Bank, bank.id).last_number == 5000
    assert db.session.scalar(select(func.count()).where(Question.current_version_id.is_not(None))) == 5000


# ---- the shipped questions ----


def test_every_shipped_question_is_read_without_a_problem():
    drafts = [one for found in shipped_drafts().values() for one in found]
    assert len(drafts) >= 240
    assert all(one.source and one.topic and "审核" not in one.source for one in drafts)
    assert any(one.review for one in drafts)


def test_the_shipped_questions_can_be_loaded_again(context, make):  # R62
    unit = make.bureau()
    with unit_of_work():
        counts = service.load_shipped(unit, clock.now())
    with unit_of_work():
        again = service.load_shipped(unit, clock.now())
    assert sum(counts.values()) == sum(len(found) for found in shipped_drafts().values())
    assert set(again.values()) == {0}
    waiting = db.session.scalar(select(func.count()).where(Question.state == "review"))
    assert waiting == sum(one.review for found in shipped_drafts().values() for one in found)


def test_a_shipped_bank_that_another_unit_has_is_left_alone(context, make):
    elsewhere = make.bank(next(iter(shipped_drafts())), unit=make.unit())
    bureau = make.bureau()
    with unit_of_work():
        service.load_shipped(bureau, clock.now())
    assert db.session.get(Bank, elsewhere.id).last_number == 0


# ---- likeness ----


def test_width_spaces_and_punctuation_do_not_make_another_question():
    one = body("按照《条例》，任期３年。（　　）", ("一 年", "两年"))
    other = body("按照条例任期3年( )", ("两年。", "一年"))
    assert rules.fingerprint(one) == rules.fingerprint(other)
    assert rules.fingerprint(body("任期≥3年")) != rules.fingerprint(body("任期≤3年"))


@given(st.text(alphabet="党支部委员会任期三年五两一会议每月季度", min_size=30, max_size=120), st.integers(0, 10**6))
def test_a_text_with_a_few_other_characters_is_found(words, place):
    near = words[: place % len(words)] + "的" + words[place % len(words) + 1 :]
    others = [(n, n, f"无关的一句话第{n}条甲乙丙丁") for n in range(50)]
    found = likeness.Index([*others, (99, 99, words)]).most_like(near)
    assert found is not None and found.number == 99


def test_the_question_itself_is_not_like_itself():
    index = likeness.Index([(1, 1, "支委会每届任期三年，书记任期也是三年。")])
    assert index.most_like("支委会每届任期三年，书记任期也是三年。", leave_out=1) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_gives_back_both_texts(old, new):
    pieces = rules.diff(old, new)
    assert "".join(words for op, words in pieces if op != "in") == old
    assert "".join(words for op, words in pieces if op != "out") == new


def test_changes_name_the_parts_in_reading_order():
    old = rules.parts("single_choice", body(), "《旧》")
    new = rules.parts("single_choice", body(texts=("三年", "五年", "七年"), key=("B",)), "《新》")
    assert [name for name, _ in rules.changes(old, new)] == ["C", "key", "source"]


def test_a_change_makes_the_kept_index_old(context, write, bank, set_clock):
    set_clock("2026-05-01 09:00")
    write(truth("支委会每届任期三年，期满应当按期换届。"))
    assert likeness.index_of(bank.id).most_like("支委会每届任期三年，期满应当按时换届。").number == 1
    clock.set_for_tests(clock.now() + timedelta(minutes=1))
    write(truth("预备党员的预备期为一年，从支部大会通过之日算起。"))
    assert likeness.index_of(bank.id).most_like("预备党员的预备期为一年，自支部大会通过之日算起。").number == 2
