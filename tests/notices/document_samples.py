"""Facts of a made-up test, and documents made from them, for the tests of notices."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from html.parser import HTMLParser

from jinja2 import Environment, FileSystemLoader

from app.config import ROOT
from app.core.clock import from_local
from app.notices.document import facts as f
from app.notices.document.compose import overall_notice, unit_notice

ISSUED_AT = datetime(2026, 4, 21, 1, tzinfo=UTC)
CHECK_CODE = "7K2M-94QX-PB3T-W8HD-N5RC-V6JF-2A"
PAGES = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)


def figures(due, took, on_leave, absent, passed, mean=None, highest=None, lowest=None):
    decimals = [None if value is None else D(str(value)) for value in (mean, highest, lowest)]
    return f.Figures(due, took, on_leave, absent, passed, *decimals)


FIRST = f.UnitFigures("示例一中党总支", figures(7, 6, 0, 1, 4, "81.5"))
SECOND = f.UnitFigures("示例二小党支部", figures(6, 6, 0, 0, 6, "90"))
THIRD = f.UnitFigures("示例三中党总支", figures(5, 4, 1, 0, 4, "88"))
SMALL = f.UnitFigures("示例幼儿园党支部", figures(2, 1, 1, 0, 0, "70"))
UNITS = (FIRST, SECOND, THIRD, SMALL)
PEOPLE = (
    f.Listed("周映雪", "第二支部书记", FIRST.name, D("74")),
    f.Listed("陈望舒喆", "党务干事", FIRST.name, D("71.50")),
    f.Listed("堃珺玥", "组织委员", FIRST.name, None),
)


def make_facts(**changes):
    """The facts of one test in four units; 示例一中党总支 has two who failed and one who was absent."""
    facts = f.Facts(
        bureau="中共示例市教育局委员会",
        issuer_mark="中共示例市教育局委员会文件",
        training="2026年4月党务工作者专题培训",
        sitting="应知应会测试",
        audience="全市教育系统党组织书记、党务工作者",
        opens_at=from_local(datetime(2026, 4, 18, 9)),
        closes_at=from_local(datetime(2026, 4, 18, 11)),
        place="知责平台",
        pass_mark=D(80),
        total_points=D(100),
        overall=figures(20, 17, 2, 1, 14, D("1451") / 17, 100, 52),
        units=UNITS,
        weak_topics=(f.WeakTopic("发展党员工作程序", D("0.523")), f.WeakTopic("党费收缴", D("0.61"))),
        resit_on=date(2026, 5, 15),
        reply_due=date(2026, 5, 20),
        sign_due=from_local(datetime(2026, 4, 24, 17)),
        dated=date(2026, 4, 21),
        number_text=f.number_text("示教党通", 2026, 1),
        copies_to="局领导，市委教育工委办公室",
        printed_by="示例市教育局党建工作办公室",
    )
    return replace(facts, **changes)


def unit_facts(people=PEOPLE, unit=FIRST, **changes):
    return make_facts(**changes).for_unit(unit, people)


def sealed(document, **changes):
    """The document as it is issued: with its check code, and the person who approved it."""
    address = f"https://zhize.example.edu.cn/check/{CHECK_CODE.replace('-', '')}"
    return replace(
        document, **{"check_code": CHECK_CODE, "check_url": address, "approver": "温书言", "state": "issued", **changes}
    )


def make_unit_document(people=PEOPLE, **changes):
    return sealed(unit_notice(unit_facts(people)), **changes)


def make_overall_document(**changes):
    return sealed(overall_notice(make_facts()), **changes)


def page_of(document):
    """The document as HTML."""
    return PAGES.get_template("notices/_document.html").render(document=document)


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.pieces = []

    def handle_data(self, data):
        self.pieces.append(data)


def text_of_page(html):
    """What a reader sees of a page, without white space."""
    parser = _Text()
    parser.feed(html)
    return squeezed(parser.pieces)


def squeezed(pieces):
    """Text without any white space: where lines break is not the words' matter."""
    return "".join("".join(pieces).split())
