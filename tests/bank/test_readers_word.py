"""Word files: automatic numbers, tables, blanks and colours, compared with what a person sees in Word."""

import pytest

from app.bank.recogniser import recognise_file
from app.bank.recogniser.readers.word import read_word
from tests.bank import samples
from tests.bank.test_recogniser_texts import summary
from tests.bank.word_files import LINE, RED, docx, p, run, table


def lines(*blocks):
    return read_word(docx(*blocks)).text.split("\n")


def read(*blocks):
    return summary(recognise_file("题.docx", docx(*blocks)))


def test_automatic_numbers_and_letters_are_counted_as_word_counts_them():
    blocks = [
        p("题干甲（ ）", num=1),
        p("甲", num=1, level=1),
        p("乙", num=1, level=1),
        p("题干乙（ ）", num=1),
        p("丙", num=1, level=1),
    ]
    assert lines(*blocks) == ["1． 题干甲（ ）", "A． 甲", "B． 乙", "2． 题干乙（ ）", "A． 丙"]


def test_numbers_come_from_styles_and_what_they_are_based_on():
    assert lines(p("一", style="Q0"), p("二", style="Q1"), p("三", style="Q1", num=0)) == ["1． 一", "2． 二", "三"]


def test_lists_restart_where_they_say_so_and_go_on_otherwise():
    blocks = [p("甲", num=3), p("乙", num=3), p("丙", num=4), p("丁", num=4), p("戊", num=3)]
    assert lines(*blocks) == ["（A） 甲", "（B） 乙", "（A） 丙", "（B） 丁", "（C） 戊"]


def test_chinese_numbers_and_bullets():
    assert lines(*(p("章", num=2) for _ in range(12)))[9:] == ["十、章", "十一、章", "十二、章"]
    assert lines(p("点", num=5)) == ["点"]


def test_a_paper_made_with_lists_is_recognised():
    blocks = [p("单选题", num=2)]
    for number in (1, 2):
        blocks += [p(f"第{number}问（ ）", num=1), *(p(f"选项{number}{letter}", num=1, level=1) for letter in "甲乙丙")]
        blocks.append(p(f"答案：{'BC'[number - 1]}"))
    assert read(*blocks) == [
        "1 single_choice B | 第1问（ ） | A 选项1甲 | B 选项1乙 | C 选项1丙",
        "2 single_choice C | 第2问（ ） | A 选项2甲 | B 选项2乙 | C 选项2丙",
    ]


def test_four_options_parted_by_tabs_or_line_breaks():
    blocks = [p("1. 题（ ）"), p("A. 甲\tB. 乙\tC. 丙\tD. 丁"), p("答案：A"), p("2. 题二（ ）\nA. 甲\nB. 乙\n答案：B")]
    assert read(*blocks) == [
        "1 single_choice A | 题（ ） | A 甲 | B 乙 | C 丙 | D 丁",
        "2 single_choice B | 题二（ ） | A 甲 | B 乙",
    ]


def test_the_red_option_is_the_answer_only_when_no_other_is_written():
    red = [p("1. 题（ ）"), p("A. 甲"), p("B. ", run("乙", RED)), p("C. 丙")]
    assert read(*red) == ["1 single_choice B | 题（ ） | A 甲 | B 乙 | C 丙 !key_from_format@2"]
    assert read(*red, p("答案：C")) == ["1 single_choice C | 题（ ） | A 甲 | B 乙 | C 丙"]


def test_two_red_options_of_an_undeclared_question_make_it_multiple_choice():
    blocks = [p("1. 题（ ）"), p(run("A. 甲", RED)), p("B. 乙"), p(run("C. 丙", RED))]
    assert read(*blocks) == ["1 multiple_choice A、C | 题（ ） | A 甲 | B 乙 | C 丙 !key_from_format@2"]


def test_options_that_are_all_red_say_nothing():
    blocks = [p("1. 题（ ）"), p(run("A. 甲", RED)), p(run("B. 乙", RED))]
    assert read(*blocks) == ["1 None ? | 题（ ） | A 甲 | B 乙 !no_key@3"]


def test_underlined_space_is_a_blank():
    blocks = [
        p("一、填空题"),
        p("1. 预备期为", run("        ", LINE), "年，党的生日是", run("\t", LINE), "。"),
        p("答案：一；七月一日"),
    ]
    assert read(*blocks) == ["1 fill_blank 一；七月一日 | 预备期为____年，党的生日是____。"]


def test_underlined_words_in_a_fill_in_question_are_its_answers():
    blocks = [p("一、填空题"), p("1. 党的根本组织原则是", run(" 民主集中制 ", LINE), "，宗旨是", run("为人民服务", LINE), "。")]
    assert read(*blocks) == ["1 fill_blank 民主集中制；为人民服务 | 党的根本组织原则是____，宗旨是____。 !answers_underlined@2"]


def test_a_table_of_questions_is_read_by_its_head():
    blocks = [
        p("题库"),
        table(
            ["题型", "题干", "A", "B", "答案", "难度"],
            ["单选题", "甲（ ）", "一", "二", "B", "易"],
            ["判断题", "乙。", "", "", "对", "中"],
        ),
    ]
    assert read(*blocks) == ["1 single_choice B | 甲（ ） | A 一 | B 二 | 难度=易", "2 true_false 对 | 乙。 | 难度=中"]


def test_a_table_of_keys_and_options_laid_out_in_a_table():
    blocks = [p("1. 甲（ ）"), table(["A. 一", "B. 二"], ["C. 三", "D. 四"]), p("2. 乙（ ）"), table([[p("A. 一"), p("B. 二")]])]
    blocks.append(table(["题号", "1", "2"], ["答案", "C", "B"]))
    assert read(*blocks) == [
        "1 single_choice C | 甲（ ） | A 一 | B 二 | C 三 | D 四",
        "2 single_choice B | 乙（ ） | A 一 | B 二",
    ]


def test_signs_from_symbol_fonts_are_true_and_false():
    tick, cross = (f'<w:r><w:sym w:font="Wingdings" w:char="{code}"/></w:r>' for code in ("F0FC", "F0FB"))
    assert read(p("1. 甲。（", tick, "）"), p("2. 乙。（", cross, "）")) == ["1 true_false 对 | 甲。", "2 true_false 错 | 乙。"]


def test_deleted_text_goes_inserted_text_and_links_stay():
    inserted = f'<w:ins w:id="1">{run("插入")}</w:ins><w:del w:id="2"><w:r><w:delText>删除</w:delText></w:r></w:del>'
    assert lines(p("前", inserted, f"<w:hyperlink>{run('链接')}</w:hyperlink>")) == ["前插入链接"]


def test_pictures_and_formulas_are_reported_with_their_line():
    picture = "<w:r><w:drawing/></w:r>"
    formula = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>ab</m:t></m:r></m:oMath>'
    found = read_word(docx(p("1. 甲"), p("图", picture), p("式", formula)))
    assert [(problem.code, problem.line) for problem in found.problems] == [("picture_left_out", 2), ("formula_left_out", 3)]
    assert found.text.split("\n")[2] == "式ab"


def test_text_boxes_are_read_after_their_paragraph():
    box = f"<w:r><w:pict><w:txbxContent>{p('框中')}</w:txbxContent></w:pict></w:r>"
    assert lines(p("正文", box)) == ["正文", "框中"]


@pytest.mark.parametrize("name", ["maogai2023_4.docx", "maogai2023_6.docx"])
def test_our_paragraphs_are_those_of_another_reader(name):
    if not samples.present():
        return
    path = samples.FOLDER / name
    ours = [" ".join(line.split()) for line in read_word(path.read_bytes()).text.split("\n") if line.strip()]
    theirs = [" ".join(line.split()) for line in samples.paragraphs_of(path) if line.strip()]
    assert ours == theirs
