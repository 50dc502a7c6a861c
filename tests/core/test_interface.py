"""The macros of templates/components: labels tied to fields, errors in the same words twice, charts that fit their numbers."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from wtforms import BooleanField, FieldList, Form, IntegerField, RadioField, SelectMultipleField, StringField, validators, widgets

from app.core.fields import options
from tests.core.test_assets import ROOT


class Chips(SelectMultipleField):
    """Checkboxes, as the forms of the app make them."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class Sample(Form):
    name = StringField("名称", [validators.DataRequired("请填写名称")], description="<b>名称</b>")
    minutes = IntegerField("时长", [validators.NumberRange(1, 600, "时长应在 1 到 600 分钟之间")])
    release = RadioField("公布", [validators.InputRequired("请选择")], choices=options([("now", "立即"), ("later", "统一")]))
    audience = Chips("谁来考", choices=options([("a", "书记"), ("b", "干事")]))
    agreed = BooleanField("我已阅读", [validators.DataRequired("请先阅读")])
    phones = FieldList(StringField("电话", [validators.Length(max=3, message="电话太长")]), min_entries=1)


def mini_app():
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=None)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True)
    app.jinja_env.globals.update(
        asset=lambda path: f"/static/{path}", csrf_token=lambda: "token", url_for=lambda endpoint, **args: endpoint + str(args)
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


APP = mini_app()
IMPORTS = "".join(f'{{% import "components/{name}.html" as {name} %}}' for name in ("ui", "forms", "charts"))


def shown(source, **values):
    """Render a piece of template and return its element tree."""
    with APP.test_request_context("/"):
        return html.fromstring("<div>" + render_template_string(IMPORTS + source, **values) + "</div>")


def failed():
    """A form that came back with errors of every kind."""
    form = Sample(Values())
    form.validate()
    return form


class Values(dict):
    """Form data as a browser sends it: one bad number and one long phone."""

    def __init__(self):
        super().__init__({"minutes": ["900"], "phones-0": ["12345"]})

    def getlist(self, key):
        return self.get(key, [])


def test_every_field_has_a_label_a_hint_and_its_error_tied_to_it():
    tree = shown("{{ forms.field(form.name) }}", form=failed())
    field = tree.xpath("//input")[0]
    assert tree.xpath(f"//label[@for='{field.get('id')}']/text()")[0].startswith("名称")
    told = [tree.xpath(f"//*[@id='{name}']")[0].text_content().strip() for name in field.get("aria-describedby").split()]
    assert told == ["<b>名称</b>", "请填写名称"]
    assert field.get("aria-invalid") == "true"


def test_the_summary_says_what_the_fields_say_and_links_to_them():
    form = failed()
    tree = shown(
        "{{ forms.error_summary(form) }}{% for f in form if f.type != 'FieldList' %}{{ forms.field(f) }}{% endfor %}", form=form
    )
    summary = {a.get("href"): a.text for a in tree.xpath("//div[@class='error-summary']//a")}
    assert summary["#name"] == "请填写名称" and summary["#release"] == "请选择" and summary["#phones-0"] == "电话太长"
    for target in ("name", "minutes", "release", "agreed"):
        assert tree.xpath(f"//*[@id='{target}']"), target
        assert summary[f"#{target}"] in tree.xpath(f"//*[@id='error-{target}']")[0].text_content()


def test_no_summary_without_an_error():
    assert shown("{{ forms.error_summary(form) }}", form=Sample()).xpath("//*[@role='alert']") == []


def test_choices_are_native_controls_in_a_fieldset_with_a_legend():
    for look in ("None", "'segments'", "'chips'"):
        tree = shown("{{ forms.field(form.audience, look=" + look + ") }}", form=Sample())
        assert tree.xpath("//fieldset/legend/text()") == ["谁来考"]
        boxes = tree.xpath("//input[@type='checkbox']")
        assert [tree.xpath(f"//label[@for='{box.get('id')}']")[0].text for box in boxes] == ["书记", "干事"]


def test_what_people_typed_is_never_markup():
    tree = shown(
        "{{ ui.tag(evil) }}{{ ui.kpis([{'label': evil, 'value': evil}]) }}{{ ui.rows([{'title': evil, 'url': '/'}]) }}",
        evil="<script>x</script>",
    )
    assert tree.xpath("//script") == []
    assert "<script>x</script>" in tree.text_content()


def test_a_one_button_form_carries_the_token_and_its_values():
    tree = shown("{{ ui.post_button('/remind', '催办', fields={'unit': 3}, confirm='催办？') }}")
    form = tree.xpath("//form")[0]
    assert form.get("method") == "post" and form.get("data-confirm") == "催办？"
    assert dict(form.form_values()) == {"csrf_token": "token", "unit": "3"}


def test_the_pager_counts_and_keeps_the_filters():
    page = SimpleNamespace(number=2, size=10, total=34, pages=4, first=11, last=20, has_previous=True, has_next=True)
    tree = shown("{{ ui.pager(page, 'bank.list', q='党课') }}", page=page)
    assert "11–20 of 34" in tree.text_content()
    assert [a.get("href") for a in tree.xpath("//a")] == [
        "bank.list{'q': '党课', 'page': 1}",
        "bank.list{'q': '党课', 'page': 3}",
    ]


def test_a_search_keeps_the_other_filters_of_the_list():
    tree = shown("{{ ui.search('/q', 'abc', '题干', kind='m', topic='', bank=None) }}")
    assert [(i.get("name"), i.get("value")) for i in tree.xpath("//input")] == [("kind", "m"), ("q", "abc")]


bins = st.lists(st.integers(0, 20_000), min_size=0, max_size=20).map(
    lambda counts: [{"from": 5 * i, "to": 5 * i + 4, "count": count} for i, count in enumerate(counts)]
)


@given(bins=bins, mark=st.none() | st.integers(0, 100))
def test_a_histogram_stays_inside_its_frame_and_its_table_has_every_number(bins, mark):
    tree = shown("{{ charts.histogram(bins, '分布', mark, below='不合格') }}", bins=bins, mark=mark)
    _, _, width, height = (float(part) for part in tree.xpath("//svg")[0].get("viewbox").split())
    for rect in tree.xpath("//rect"):
        x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        assert min(x, y - 20, width - x - w, height - y - h) >= 0
    assert len(tree.xpath("//rect")) == sum(1 for part in bins if part["count"])
    assert [int(cell.text) for cell in tree.xpath("//table//td[2]")] == [part["count"] for part in bins]


@given(st.integers(1, 200_000))
def test_an_axis_has_one_to_six_round_ticks(most):
    tree = shown("{{ charts.histogram([{'from': 0, 'to': 9, 'count': most}], 'x') }}", most=most)
    ticks = [int(text.text) for text in tree.xpath("//svg/text[@text-anchor='end']")[:-1]]
    assert 2 <= len(ticks) <= 6 and ticks[0] == 0 and ticks[-1] >= most


def test_bars_are_a_table_and_never_leave_their_track():
    rows = [{"name": "一中", "value": 0}, {"name": "二中", "value": 100, "note": "<i>"}]
    tree = shown("{{ charts.bars(rows, '合格率', mark=91.6) }}", rows=rows)
    assert [float(rect.get("width")) for rect in tree.xpath("//rect[@class='first']")] == [0, 100]
    assert tree.xpath("//td[@class='bar-note']/text()") == ["<i>"]


@pytest.mark.parametrize("htmx", [False, True])
def test_an_error_says_what_happened_and_its_code(htmx):
    APP.jinja_env.globals["get_flashed_messages"] = lambda **_: []
    with APP.test_request_context("/x", headers={"HX-Request": "true"} if htmx else {}):
        text = render_template(
            "errors/error.html", status=404, title="没有找到", message="可能已撤回。", reference="7F3K", locale="en"
        )
    assert ("<html" in text) != htmx
    assert all(word in text for word in ("没有找到", "可能已撤回。", "7F3K"))


def test_the_sprite_is_well_formed():
    root = etree.parse(str(ROOT / "static/core/icons.svg")).getroot()
    ids = [symbol.get("id") for symbol in root]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[a-z0-9-]+", name) for name in ids)
