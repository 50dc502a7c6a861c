"""The tables that go with a notice, each an attachment on pages of its own."""

from app.notices.document.content import Attachment
from app.notices.document.facts import matters, percent, points, tenth

NOT_SHOWN = "—"


def people(facts):
    """Return the list of one unit's people who failed or were absent."""
    with_topics = any(person.topics for person in facts.people)
    headers, kinds = ["序号", "姓名", "职务", "成绩（分）"], ["number", "name", "text", "figure"]
    rows = []
    for number, person in enumerate(facts.people, 1):
        score = "缺考" if person.score is None else points(person.score)
        rows.append((str(number), person.name, person.position, score, *(["、".join(person.topics)] if with_topics else [])))
    if with_topics:
        headers, kinds = [*headers, "失分较多的内容"], [*kinds, "remark"]
    title = f"{facts.unit.name}{'、'.join(matters(facts.unit.figures))}人员名单"
    return Attachment(title, tuple(headers), tuple(rows), tuple(kinds))


def units(facts):
    """Return the figures by unit, with their sum."""
    headers = ("序号", "单位", "应考", "实考", "请假", "缺考", "合格", "合格率（%）", "平均分")
    hidden = _hidden(facts.units)
    rows = [(str(n), unit.name, *_cells(unit.figures, unit.name not in hidden)) for n, unit in enumerate(facts.units, 1)]
    rows.append(("", "合计", *_cells(facts.overall, shown=True)))
    rest = "；实考人数较少的单位不列合格人数、合格率和平均分" if hidden else ""
    kinds = ("number", "text", *["figure"] * 7)
    return Attachment("各单位测试成绩汇总表", headers, tuple(rows), kinds, f"注：合格率、平均分按实考人数计算{rest}。")


def _hidden(all_units):
    """Return the names of units whose marks are not shown: those of one or two people would be the people's own.

    With a single such unit the next smallest is hidden too, or the sum would give the first one away (R82).
    """
    present = sorted((unit for unit in all_units if unit.figures.took), key=lambda unit: unit.figures.took)
    small = sum(1 for unit in present if not unit.figures.is_compared)
    return {unit.name for unit in present[: max(small, 2) if small else 0]}


def _cells(figures, shown):
    counts = [str(count) for count in (figures.due, figures.took, figures.on_leave, figures.absent)]
    if not shown or figures.mean is None:
        return (*counts, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN)
    return (*counts, str(figures.passed), str(figures.pass_rate), str(tenth(figures.mean)))


def topics(facts):
    """Return the share of points obtained in each topic."""
    rows = tuple((str(n), weak.topic, str(percent(weak.share, 1))) for n, weak in enumerate(facts.weak_topics, 1))
    return Attachment("知识点得分情况", ("序号", "知识点", "得分率（%）"), rows, ("number", "text", "figure"))
