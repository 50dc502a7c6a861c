"""What a notice says: elements, figures, what is left out, who is named where, and the same words on the page."""

import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import from_local
from app.notices.document import facts as f
from app.notices.document import headline, tables
from app.notices.document.compose import overall_notice, unit_notice
from app.notices.document.content import Document
from app.notices.document.problems import document_problems, problems
from app.notices.document.words import words
from tests.notices.document_samples import (
    FIRST,
    PEOPLE,
    SMALL,
    UNITS,
    figures,
    make_facts,
    make_overall_document,
    make_unit_document,
    page_of,
    sealed,
    squeezed,
    text_of_page,
    unit_facts,
)

NAMES = [person.name for person in PEOPLE]
STRANGE = st.text(st.sampled_from("#{}[]*_`\\<>&\"'$@~=/|^%-+.:;,!?() aZ09张喆堃珺玥旻·—“”〔〕"), min_size=1, max_size=20)


def body(document):
    return "\n".join(block.text for block in document.blocks)


def test_a_units_notice_has_every_element_of_an_official_notice():
    document = make_unit_document()
    assert document.issuer_mark == "中共示例市教育局委员会文件"
    assert document.number_text == "示教党通〔2026〕1号"
    assert document.title == "关于2026年4月党务工作者专题培训应知应会测试不合格及缺考情况的通报"
    assert document.addressee == "示例一中党总支"
    assert [block.text for block in document.blocks if block.kind == "heading" and block.level == 1] == [
        "一、总体情况", "二、存在问题", "三、工作要求",
    ]  # fmt: skip
    assert document.blocks[-1].text == "特此通报。"
    assert (document.signer, document.date) == ("中共示例市教育局委员会", "2026年4月21日")
    assert (document.copies_to, document.printed_by, document.printed_on)[1:] == ("示例市教育局党建工作办公室", "2026年4月21日")


@pytest.mark.parametrize(
    "words_expected",
    [
        "于2026年4月18日9:00至11:00在知责平台组织全市教育系统党组织书记、党务工作者参加应知应会测试。",
        "应考20人，实考17人，参考率85.0%。",
        "试卷满分100分，合格分数为80分。",
        "合格14人，不合格3人，合格率82.4%（按实考人数计算，下同），平均分85.4分",
        "你单位应考7人，实考6人，请假0人，缺考1人；合格4人，不合格2人，合格率66.7%，平均分81.5分",
        "合格率低于总体15.7个百分点，平均分低于总体3.9分。",
        "不合格人员2人、缺考人员1人，名单见附件。",
        "发展党员工作程序（得分率52.3%）、党费收缴（得分率61.0%）",
        "参加5月15日组织的补考",
        "请于4月24日17:00前登录平台阅读并签收本通报。",
        "请于5月20日前报送整改情况。",
    ],
)
def test_a_units_notice_says(words_expected):
    assert words_expected in body(make_unit_document())


def test_the_list_has_name_post_and_score_of_each_and_the_absent_have_no_score():
    attachment = make_unit_document().attachments[0]
    assert attachment.title == "示例一中党总支不合格、缺考人员名单"
    assert attachment.rows == (
        ("1", "周映雪", "第二支部书记", "74"),
        ("2", "陈望舒喆", "党务干事", "71.5"),
        ("3", "堃珺玥", "组织委员", "缺考"),
    )


def test_where_points_were_lost_is_a_column_only_when_it_is_known():
    people = (replace(PEOPLE[0], topics=("发展党员", "党费收缴")), *PEOPLE[1:])
    attachment = unit_notice(unit_facts(people)).attachments[0]
    assert attachment.headers[-1] == "失分较多的内容"
    assert [row[-1] for row in attachment.rows] == ["发展党员、党费收缴", "", ""]


def test_what_is_not_known_is_not_said():
    unknown = dict.fromkeys(["resit_on", "reply_due", "sign_due", "dated"])
    facts = unit_facts(**unknown, weak_topics=(), training="", basis="", copies_to="", printed_by="", number_text="")
    document = unit_notice(facts)
    for word in ("补考", "报送", "签收", "失分", "为检验", "根据", "知识点"):
        assert word not in body(document)
    assert document.title == "关于应知应会测试不合格及缺考情况的通报"
    assert (document.date, document.printed_on, document.number_text) == ("", "", "")
    assert "（一）" not in body(document)  # one demand needs no numbers


def test_basis_pass_rule_and_an_earlier_test_are_named_when_they_are_known():
    earlier = f.Earlier("2026年3月测试", D("80.0"), D("86.04"))
    text = body(overall_notice(make_facts(basis="年度培训计划", pass_basis="示教党〔2026〕3号", earlier=earlier)))
    assert text.startswith("根据年度培训计划，为检验")
    assert "合格分数为80分（依据示教党〔2026〕3号）。" in text
    assert "与2026年3月测试相比，合格率提高2.4个百分点，平均分下降0.6分。" in text


def test_a_test_named_after_its_training_is_not_named_twice():
    facts = make_facts(sitting="2026年4月党务工作者专题培训测试")
    assert overall_notice(facts).title == "关于2026年4月党务工作者专题培训测试情况的通报"


def test_a_unit_with_only_absent_people_is_not_called_failing():
    unit = f.UnitFigures(FIRST.name, figures(3, 0, 1, 2, 0))
    document = unit_notice(unit_facts(unit=unit, people=[replace(person, score=None) for person in PEOPLE[:2]]))
    assert document.title.endswith("测试缺考情况的通报")
    assert "你单位应考3人，实考0人，请假1人，缺考2人。" in body(document)
    assert document.attachments[0].title == "示例一中党总支缺考人员名单"


def test_a_unit_of_one_or_two_is_not_compared_with_the_whole():
    text = body(unit_notice(unit_facts(unit=SMALL, people=[replace(PEOPLE[0], unit=SMALL.name)])))
    assert "实考1人，请假1人，缺考0人；合格0人，不合格1人。" in text
    assert "高于总体" not in text and "低于总体" not in text


def test_equal_figures_are_called_equal():
    unit = f.UnitFigures(FIRST.name, figures(17, 17, 0, 0, 14, D("1451") / 17))
    assert "合格率与总体持平，平均分与总体持平。" in body(unit_notice(unit_facts(unit=unit)))


def test_the_overall_notice_names_nobody():  # R82
    facts = unit_facts()  # even when it is given people
    document = sealed(overall_notice(facts))
    assert not [name for name in NAMES if name in squeezed(words(document))]


def test_the_overall_notice_holds_totals_and_figures_by_unit():
    document = make_overall_document()
    assert document.addressee == "各学校党组织、局属各单位党组织"
    assert "应考20人，实考17人，请假2人，缺考1人。缺考人员分布在1个单位。" in body(document)
    assert "实考人员全部合格的单位有2个：示例二小党支部、示例三中党总支。实考不足3人的单位不作比较。" in body(document)
    assert "不合格和缺考人员分布在2个单位，合格率低于总体水平的单位有1个。" in body(document)
    table, topics = document.attachments
    assert table.rows[0] == ("1", "示例一中党总支", "7", "6", "0", "1", "4", "66.7", "81.5")
    assert table.rows[-1] == ("", "合计", "20", "17", "2", "1", "14", "82.4", "85.4")
    assert topics.rows[0] == ("1", "发展党员工作程序", "52.3")


def test_marks_of_one_or_two_people_are_not_shown_nor_to_be_had_by_subtraction():  # R82
    rows = {row[1]: row for row in tables.units(make_facts()).rows}
    assert rows[SMALL.name][-3:] == ("—", "—", "—")
    hidden = [name for name, row in rows.items() if row[-1] == "—"]
    assert hidden == ["示例三中党总支", SMALL.name]  # the next smallest as well, or the sum would tell
    assert "实考人数较少的单位" in tables.units(make_facts()).note


def test_many_units_at_the_top_are_counted_not_listed():
    units = [f.UnitFigures(f"第{n}党支部", figures(4, 4, 0, 0, 4, "90")) for n in range(12)]
    facts = make_facts(units=tuple(units), overall=figures(48, 48, 0, 0, 48, "90", 95, 85))
    text = body(overall_notice(facts))
    assert "实考人员全部合格的单位有12个，名单见分单位情况。" in text
    assert "工作要求" not in text  # nobody failed, nothing is asked


def test_equals_at_the_top_stand_side_by_side_when_no_unit_is_without_fault():
    best = figures(4, 4, 0, 0, 3, "85")
    units = (
        f.UnitFigures("甲党支部", best),
        f.UnitFigures("乙党支部", best),
        f.UnitFigures("丙党支部", figures(4, 4, 0, 0, 1, "70")),
    )
    text = body(overall_notice(make_facts(units=units, overall=figures(12, 12, 0, 0, 7, "80", 90, 60))))
    assert "合格率最高（75.0%）的单位有2个：甲党支部、乙党支部。" in text


@pytest.mark.parametrize("document", [make_unit_document(), make_overall_document()])
def test_sample_notices_are_sound_and_name_each_attachment_they_have(document):
    assert document_problems(document) == []
    named = re.findall(r"附件(\d*)", body(document))
    assert {int(number or 1) for number in named} == set(range(1, len(document.attachments) + 1))


@pytest.mark.parametrize(
    ("prefix", "year", "seq", "expected"),
    [("示教党通", 2026, 1, "示教党通〔2026〕1号"), (" 示教党通 ", 2026, 120, "示教党通〔2026〕120号")],
)
def test_a_number_has_angle_brackets_and_no_idle_zeros(prefix, year, seq, expected):
    assert f.number_text(prefix, year, seq) == expected


@pytest.mark.parametrize(("prefix", "year", "seq"), [("", 2026, 1), ("示教", 26, 1), ("示教", 2026, 0)])
def test_a_number_that_cannot_be_is_refused(prefix, year, seq):
    with pytest.raises(ValueError, match="number"):
        f.number_text(prefix, year, seq)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (datetime(2026, 4, 8, 9), datetime(2026, 4, 8, 10, 30), "2026年4月8日9:00至10:30"),
        (datetime(2026, 4, 30, 9), datetime(2026, 5, 2, 18), "2026年4月30日9:00至5月2日18:00"),
        (datetime(2026, 12, 31, 22), datetime(2027, 1, 1, 8, 5), "2026年12月31日22:00至2027年1月1日8:05"),
    ],
)
def test_the_span_of_a_test_is_written_in_shanghai_time(opens, closes, expected):  # R1
    assert f.span(from_local(opens), from_local(closes)) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 3, "33.3"), (2, 3, "66.7"), (1, 16, "6.3"), (0, 5, "0.0"), (5, 5, "100.0")]
)
def test_rates_have_one_decimal_halves_up(part, whole, expected):
    assert str(f.percent(part, whole)) == expected


def test_a_rate_of_nobody_is_none():
    assert f.percent(0, 0) is None


@pytest.mark.parametrize(
    ("value", "expected"), [("74", "74"), ("74.50", "74.5"), ("100", "100"), ("0", "0"), ("0.00", "0"), ("1E+2", "100")]
)
def test_points_have_no_idle_zeros(value, expected):
    assert f.points(D(value)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于测试情况的通报", ["关于测试情况的通报"]),
        (
            "关于2026年4月党务工作者专题培训应知应会测试不合格及缺考情况的通报",
            ["关于2026年4月党务工作者专题培训", "应知应会测试不合格及缺考情况的通报"],
        ),
        ("甲" * 40, ["甲" * 40]),
        ("", [""]),
    ],
)
def test_a_title_is_broken_evenly_between_words(title, expected):
    assert headline.lines(title) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from("关于2026年4月的培训测试情况通报不合格及党务工作者、（）A b"), max_size=120))
def test_breaking_a_title_loses_nothing_and_keeps_the_width(title):
    assert "".join(headline.phrases(title)) == title
    lines = headline.lines(title)
    assert "".join(lines) == title
    assert len(lines) == 1 or max(map(headline.width, lines)) <= headline.LINE


@pytest.mark.parametrize(
    "document",
    [make_unit_document(), make_overall_document(), make_unit_document(watermark="已撤回", check_code="", check_url="")],
)
def test_the_page_has_exactly_the_words(document):
    assert text_of_page(page_of(document)) == squeezed(words(document))


@settings(deadline=None, max_examples=60)
@given(name=STRANGE, position=STRANGE, unit=STRANGE)
def test_strange_names_stay_plain_text_on_the_page(name, position, unit):  # R63
    person = f.Listed(name, position, unit, D(50))
    document = sealed(unit_notice(unit_facts((person, *PEOPLE[1:]), unit=f.UnitFigures(unit, FIRST.figures))))
    assert text_of_page(page_of(document)) == squeezed(words(document))


def test_the_page_needs_no_inline_style_and_has_no_script():  # R65
    html = page_of(make_unit_document((f.Listed("<script>alert(1)</script>", "职务", FIRST.name, D(1)), *PEOPLE[1:])))
    assert "<script" not in html and "style=" not in html and "|safe" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("document", [make_unit_document(), make_overall_document()])
def test_a_stored_document_comes_back_as_it_was(document):
    stored = json.loads(json.dumps(document.to_json(), ensure_ascii=False))
    assert Document.from_json(stored) == document


def test_a_document_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format"):
        Document.from_json({**make_unit_document().to_json(), "format": 2})


def test_the_stored_form_does_not_change_by_accident():
    """What was issued years ago must still be read: a change of these keys needs a new FORMAT and a reader of the old."""
    stored = make_unit_document().to_json()
    assert sorted(stored) == [
        "addressee", "approver", "attachments", "blocks", "check_code", "check_url", "copies_to", "date", "format", "issuer_mark",
        "number_text", "printed_by", "printed_on", "signer", "state", "title", "watermark",
    ]  # fmt: skip
    assert sorted(stored["attachments"][0]) == ["headers", "kinds", "note", "rows", "title"]
    assert stored["blocks"][1] == {"kind": "heading", "text": "一、总体情况", "level": 1}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=6))
def test_every_sound_set_of_counts_makes_sound_notices(counts):
    units = []
    for n, (failed, passed, absent, on_leave) in enumerate(counts):
        took = failed + passed
        units.append(
            f.UnitFigures(
                f"第{n}党支部", figures(took + absent + on_leave, took, on_leave, absent, passed, "70" if took else None)
            )
        )
    whole = [sum(getattr(unit.figures, name) for unit in units) for name in ("due", "took", "on_leave", "absent", "passed")]
    facts = make_facts(units=tuple(units), overall=figures(*whole, *(("70", 90, 50) if whole[1] else (None, None, None))))
    assert problems(facts) == []
    assert document_problems(sealed(overall_notice(facts))) == []
    for unit in units:
        if unit.figures.failed or unit.figures.absent:
            people = [f.Listed("甲", "", unit.name, D(60))] * unit.figures.failed + [
                f.Listed("乙", "", unit.name, None)
            ] * unit.figures.absent
            own = facts.for_unit(unit, people)
            assert problems(own) == []
            assert document_problems(sealed(unit_notice(own))) == []


def test_a_units_notice_has_no_other_units_name():  # R34
    others = [unit.name for unit in UNITS if unit.name != FIRST.name]
    text = squeezed(words(make_unit_document())) + page_of(make_unit_document())
    assert not [name for name in others if name in text]
