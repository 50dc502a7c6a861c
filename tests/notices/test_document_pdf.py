"""The notice as PDF: the page's words, the standard's measures, archive form, and nothing that is not its own.

Everything is tried with whatever fonts are there and with only the font that ships with the dependencies.
"""

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import pdf as core_pdf
from app.notices.document import facts as f
from app.notices.document import headline
from app.notices.document.compose import overall_notice, unit_notice
from app.notices.document.content import Closing, Heading, Paragraph
from app.notices.document.pdf import AREA, notice_pdf, table_layout
from app.notices.document.words import words
from tests.notices import pdf_ruler as ruler
from tests.notices.document_samples import (
    FIRST,
    ISSUED_AT,
    PEOPLE,
    UNITS,
    figures,
    make_facts,
    make_overall_document,
    make_unit_document,
    sealed,
    squeezed,
    unit_facts,
)

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # millimetres from the paper's left and upper edge: 28, 210−26, 37, 297−35
PITCH = 225 / 22
SIZE = 16 / ruler.MM
SENTENCE = "各单位要认真组织有关人员学习党章党规和党务工作基本知识并按时报送情况"
RARE = "𬭎㑇喆堃珺玥旻赟頔祎·阿不都热合曼"


@pytest.fixture(params=["all fonts", "shipped font"])
def fonts(request, monkeypatch):
    """Run with the fonts that are there, and with only those that every installation has."""
    if request.param == "shipped font":
        shipped = core_pdf._shipped_folder()
        monkeypatch.setattr(core_pdf, "font_folders", lambda: (shipped,))


def render(document):
    return notice_pdf(document, timestamp=ISSUED_AT)


def long_document(characters, **changes):
    """A notice with one long paragraph and the closing words, without attachments."""
    text = (SENTENCE * (characters // len(SENTENCE) + 1))[:characters]
    blocks = (Heading("一、总体情况"), Paragraph(text), Closing("特此通报。"))
    return make_unit_document(blocks=blocks, attachments=(), **changes)


@pytest.mark.parametrize(
    "document",
    [
        make_unit_document(),
        make_overall_document(),
        make_unit_document(watermark="已撤回"),
        make_unit_document(number_text="", date="", printed_on=""),
    ],
    ids=["unit", "overall", "withdrawn", "draft"],
)
def test_the_pdf_has_exactly_the_words_of_the_page(document, fonts):
    assert ruler.words_of(render(document), document) == squeezed(words(document))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.sampled_from("#{}[]*_`\\<>&\"'$@~=/|^%+.:;,!?()aZ09张" + RARE), min_size=1, max_size=30),
    position=st.text(st.sampled_from("#{}[]*_`\\<script>支部书记 "), max_size=60),
)
def test_strange_names_stay_plain_text_in_the_pdf(name, position):  # R63
    people = (f.Listed(name, position, FIRST.name, D(50)), *PEOPLE[1:])
    document = make_unit_document(people)
    assert ruler.words_of(render(document), document) == squeezed(words(document))


@pytest.mark.parametrize(
    "name",
    ["#{panic()}", "*甲*_乙_", '"); #panic(', "<script>alert(1)</script>", "阿不都热合曼·买买提依明江·木合塔尔", "喆" * 50],
)
def test_a_name_that_looks_like_markup_or_is_very_long_is_printed_as_it_is(name, fonts):  # R63
    document = make_unit_document((replace(PEOPLE[0], name=name), *PEOPLE[1:]))
    assert squeezed([name]) in ruler.words_of(render(document), document)


def test_a_character_that_no_font_has_does_not_stop_the_notice():
    data = render(make_unit_document((replace(PEOPLE[0], name="😀"), *PEOPLE[1:])))
    assert data.startswith(b"%PDF-") and "陈望舒喆" in "".join(ruler.texts(data))


@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_list_of_any_length_is_whole_and_repeats_its_head(count, fonts):
    people = [f.Listed(f"周映雪{n}", "第二支部书记", FIRST.name, D(60)) for n in range(count)]
    unit = f.UnitFigures(FIRST.name, figures(count + 3, count + 3, 0, 0, 3, "61"))
    document = sealed(unit_notice(unit_facts(unit=unit, people=people)))
    data = render(document)
    with_list = [text for text in ruler.texts(data) if "周映雪" in text]
    assert all("序号姓名职务成绩（分）" in text for text in with_list)
    assert len(with_list) == (3 if count == 60 else 1)
    assert ruler.words_of(data, document) == squeezed(words(document))


def test_a_usual_notice_has_two_pages_and_its_list():
    pages = ruler.texts(render(make_unit_document()))
    assert len(pages) == 3
    assert pages[2].startswith("附件示例一中党总支不合格、缺考人员名单")


def test_a_pdf_names_no_other_unit_and_nobody_else():  # R34
    facts = unit_facts()
    strangers = [unit.name for unit in UNITS if unit.name != FIRST.name]
    data = render(sealed(unit_notice(facts)))
    reader = ruler.read(data)
    seen = "".join(ruler.texts(data)) + str(reader.metadata) + str(reader.xmp_metadata and reader.xmp_metadata.dc_title)
    raw = data + b"".join(stream_bytes(reader))
    for name in strangers:
        assert name not in seen
        assert name.encode() not in raw and name.encode("utf-16-be") not in raw
    assert reader.metadata.title == "示教党通〔2026〕1号 " + sealed(unit_notice(facts)).title
    assert reader.metadata.author is None


def stream_bytes(reader):
    """Every stream of the file, unpacked."""
    for number in range(1, len(reader.xref_objStm) + max(reader.xref.get(0, {0: 0})) + 1):
        found = reader.get_object(number)
        if hasattr(found, "get_data"):
            yield found.get_data()


def test_the_overall_pdf_names_nobody():  # R82
    text = "".join(ruler.texts(render(sealed(overall_notice(unit_facts())))))
    assert not [person.name for person in PEOPLE if person.name in text]


def test_the_same_notice_at_the_same_time_gives_the_same_bytes():  # R33
    assert render(make_unit_document()) == render(make_unit_document())
    later = notice_pdf(make_unit_document(), timestamp=datetime(2026, 4, 22, tzinfo=UTC))
    assert later != render(make_unit_document())


def test_the_file_calls_itself_an_archive_file():
    data = render(make_unit_document())
    assert b"pdfaid:part>2<" in data and b"pdfaid:conformance>B<" in data
    assert all("/FontFile" in str(descriptor) for descriptor in font_descriptors(data))


def font_descriptors(data):
    for page in ruler.read(data).pages:
        for font in page["/Resources"]["/Font"].values():
            yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def test_the_head_stands_where_the_standard_puts_it(fonts):
    page = ruler.read(render(make_unit_document())).pages[0]
    mark, number, title = ruler.lines(page)[:3]
    assert mark.baseline - 0.88 * mark.size / ruler.MM == pytest.approx(TOP + 35, abs=0.3)
    assert mark.left >= LEFT - 0.2 and mark.right <= RIGHT + 0.2
    assert (mark.left - LEFT) == pytest.approx(RIGHT - mark.right, abs=0.3)  # centred
    left, right, height = ruler.rules(page)[0]
    assert (left, right) == pytest.approx((LEFT, RIGHT), abs=0.1)
    assert height - (number.baseline + 0.3 * SIZE) == pytest.approx(4, abs=0.5)
    assert title.size == pytest.approx(22) and title.baseline - height > 2 * PITCH  # two lines empty


def test_a_full_page_has_22_lines_of_28_characters_inside_the_margins(fonts):
    page = ruler.read(render(long_document(1600))).pages[1]
    *text, number = ruler.lines(page)
    assert len(text) == 22
    for line in text:
        assert line.left == pytest.approx(LEFT, abs=0.1)
        assert line.right == pytest.approx(RIGHT, abs=0.4)
        assert line.glyphs == 28
    assert text[0].baseline - 0.7 * SIZE == pytest.approx(TOP, abs=0.1)
    assert text[-1].baseline + 0.3 * SIZE <= BOTTOM
    steps = [below.baseline - above.baseline for above, below in zip(text, text[1:], strict=False)]
    assert steps == pytest.approx([PITCH] * 21, abs=0.15)
    assert number.size == pytest.approx(14) and number.baseline > BOTTOM + 7


def test_page_numbers_stand_at_the_outer_edge_one_character_in():
    pages = ruler.read(render(long_document(1600))).pages
    assert RIGHT - ruler.lines(pages[0])[-1].right == pytest.approx(14 / ruler.MM, abs=0.3)
    assert ruler.lines(pages[1])[-1].left - LEFT == pytest.approx(14 / ruler.MM, abs=0.3)


@pytest.mark.parametrize(
    ("signer", "date", "from_right", "shift"),
    [("中共示例市教育局委员会", "2026年4月21日", 2, 2), ("党建办", "2026年12月21日", None, 2)],
)
def test_signer_and_date_stand_as_without_a_seal(signer, date, from_right, shift):
    page = ruler.read(render(long_document(30, signer=signer, date=date))).pages[0]
    by_glyphs = {line.glyphs: line for line in ruler.lines(page) if line.left > LEFT + 40 and line.size == pytest.approx(16)}
    name, day = by_glyphs[len(signer)], by_glyphs[len(date)]
    character = 156 / 28
    assert day.left - name.left == pytest.approx(shift * character, abs=0.4)
    if from_right:
        assert RIGHT - name.right == pytest.approx(from_right * character, abs=0.4)
    else:
        assert RIGHT - day.right == pytest.approx(2 * character, abs=0.4)  # the longer of the two is two in


@pytest.mark.parametrize("characters", [*range(20, 720, 28), *range(1590, 2100, 84)])
def test_the_date_never_stands_on_a_page_without_text(characters):
    pages = ruler.texts(render(long_document(characters)))
    dated = next(text for text in pages if "中共示例市教育局委员会2026年4月21日" in text)
    before, _, _ = dated.partition("特此通报。")
    assert set(before) & set(SENTENCE)


@pytest.mark.parametrize("paragraphs", range(1, 14))
def test_the_date_never_stands_alone_after_many_short_paragraphs(paragraphs):
    blocks = tuple(Paragraph(f"第{n}项工作已经完成。") for n in range(paragraphs))
    data = render(make_unit_document(blocks=(*blocks, Closing("特此通报。"))))
    dated = next(text for text in ruler.texts(data) if "中共示例市教育局委员会2026年4月21日" in text)
    assert f"第{paragraphs - 1}项工作" in dated


def test_names_are_not_broken_and_tables_fill_the_text_area(fonts):
    names = ("欧阳映雪晴", "阿依古丽·买买提")
    people = [replace(person, name=name) for person, name in zip(PEOPLE, names, strict=False)]
    page = ruler.read(render(make_unit_document((*people, PEOPLE[2])))).pages[2]
    lines = page.extract_text().split("\n")
    assert all(any(name in line for line in lines) for name in names)
    edges = [rule for rule in ruler.rules(page) if rule[1] - rule[0] > 150]
    assert all((left, right) == pytest.approx((LEFT, RIGHT), abs=0.3) for left, right, _ in edges)


@pytest.mark.parametrize(("unit", "size"), [("示例小学", 12), ("示例市第十二中学党总支", 10.5), ("示" * 60, 10.5)])
def test_a_wide_table_is_set_smaller_so_that_names_of_units_keep_to_one_line(unit, size):
    units = [f.UnitFigures(unit, figures(4, 4, 0, 0, 4, "90"))]
    layout = table_layout(overall_notice(make_facts(units=tuple(units))).attachments[0])
    assert layout["size"] == size
    assert layout["widths"][-2] * AREA / size >= headline.width("合格率（%）")  # whatever the unit's name, figures have room


def test_a_name_keeps_to_one_line_beside_long_texts():
    person = f.Listed("阿依古丽·买买提", "第二党支部组织委员、宣传委员", FIRST.name, D(60), ("发展党员工作程序", "组织生活制度"))
    layout = table_layout(unit_notice(unit_facts((person, *PEOPLE[1:]))).attachments[0])
    assert layout["widths"][1] * AREA / layout["size"] >= headline.width(person.name) + 1
    assert sum(layout["widths"]) == pytest.approx(1)


def test_the_report_on_fonts_names_each_role(fonts):  # R70
    report = core_pdf.font_report()
    assert set(report["roles"]) == {"title", "body", "hei", "kai", "song"}
    assert all(entry["family"] for entry in report["roles"].values())
    assert report["complete"] == all(entry["own"] for entry in report["roles"].values())


def test_a_source_that_does_not_compile_says_so(tmp_path):
    source = tmp_path / "broken.typ"
    source.write_text("#nothing-of-that-name")
    with pytest.raises(core_pdf.PdfError, match="unknown variable"):
        core_pdf.render_pdf(source, {}, timestamp=ISSUED_AT)
    with pytest.raises(core_pdf.PdfError, match="unknown variable"):
        core_pdf.query(source, {}, "<layout>")


def test_fonts_that_arrive_while_the_app_runs_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(core_pdf, "font_folders", lambda: (tmp_path,))
    assert core_pdf.font_report()["roles"]["body"]["family"] is None
    for file in core_pdf._font_files(core_pdf._shipped_folder()):
        (tmp_path / file.name).symlink_to(file)
    assert core_pdf.font_report()["roles"]["body"]["family"] == core_pdf.SHIPPED


def test_the_check_code_is_printed_as_a_picture_too():
    page = ruler.read(render(make_unit_document())).pages[-1]
    without = ruler.read(render(make_unit_document(check_url="", check_code=""))).pages[-1]
    assert len(page.get_contents().get_data()) > len(without.get_contents().get_data())
    assert io.BytesIO(render(make_unit_document())).getbuffer().nbytes < 400_000  # fonts are cut down to what is used
