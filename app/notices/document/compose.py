"""From frozen facts to the words of a notice. Sober sentences of our own; what is not known is not said.

A unit's notice names only that unit's people; the overall notice names nobody (R34, R82).
"""

from app.core import clock
from app.notices.document import tables
from app.notices.document.content import Closing, Document, Heading, Paragraph
from app.notices.document.facts import full_date, matters, percent, points, short_date, span, tenth

NUMERALS = "一二三四五六七八九十"
CLOSING = "特此通报。"
NAMED_UNITS = 8  # a sentence names so many units at most; the attachment has them all
NAMED_TOPICS = 5


def unit_notice(facts):
    """Return the notice to `facts.unit` about its own people who failed or were absent."""
    sections = [
        ("总体情况", [*_unit_figures(facts), _list_sentence(facts)]),
        ("存在问题", [_topics_sentence(facts)] if facts.weak_topics else []),
        ("工作要求", _numbered(_unit_requirements(facts))),
    ]
    return _document(
        facts,
        title=f"关于{facts.event}{'及'.join(matters(facts.unit.figures))}情况的通报",
        addressee=facts.unit.name,
        blocks=[Paragraph(_introduction(facts, "现将你单位有关情况通报如下。")), *_sections(sections)],
        attachments=[tables.people(facts)],
    )


def overall_notice(facts):
    """Return the notice to all units: totals and figures by unit, no person's name."""
    attachments = [tables.units(facts)] if facts.units else []
    if facts.weak_topics:
        attachments.append(tables.topics(facts))
    sections = [
        ("总体情况", _numbered([("参考情况", _attendance(facts)), ("成绩情况", _scores(facts))])),
        ("主要特点", [text for text in (_merits(facts),) if text]),
        ("存在问题", [text for text in (_topics_sentence(facts, len(attachments)), _shortfalls(facts)) if text]),
        ("工作要求", _numbered(_overall_requirements(facts))),
    ]
    return _document(
        facts,
        title=f"关于{facts.event}情况的通报",
        addressee=facts.addressees,
        blocks=[Paragraph(_introduction(facts, "现将有关情况通报如下。")), *_sections(sections)],
        attachments=attachments,
    )


def _document(facts, *, title, addressee, blocks, attachments):
    return Document(
        issuer_mark=facts.issuer_mark, number_text=facts.number_text, title=title, addressee=addressee, signer=facts.bureau,
        blocks=(*blocks, Closing(CLOSING)), attachments=tuple(attachments), date=full_date(facts.dated),
        copies_to=facts.copies_to, printed_by=facts.printed_by, printed_on=full_date(facts.dated) if facts.printed_by else "",
    )  # fmt: skip


def _sections(sections):
    """Return the blocks of all sections that have any, numbered 一、二、三、."""
    filled = [(heading, body) for heading, body in sections if body]
    blocks = []
    for numeral, (heading, body) in zip(NUMERALS, filled, strict=False):
        blocks += [Heading(f"{numeral}、{heading}"), *[Paragraph(part) if isinstance(part, str) else part for part in body]]
    return blocks


def _numbered(points_of_order):
    """Return second-level headings （一）（二） with their text; a single one needs no heading."""
    if len(points_of_order) == 1:
        return [points_of_order[0][1]]
    blocks = []
    for numeral, (heading, text) in zip(NUMERALS, points_of_order, strict=False):
        blocks += [Heading(f"（{numeral}）{heading}", level=2), Paragraph(text)]
    return blocks


def _introduction(facts, end):
    purpose = f"为检验{facts.training}学习成效，" if facts.training else ""
    basis = f"根据{facts.basis}，" if facts.basis else ""
    place = f"在{facts.place}" if facts.place else ""
    when = span(facts.opens_at, facts.closes_at)
    test = facts.sitting.removeprefix(facts.training) or facts.sitting
    held = f"{facts.bureau}于{when}{place}组织{facts.audience}参加{test}。"
    rate = percent(facts.overall.took, facts.overall.due)
    turnout = f"应考{facts.overall.due}人，实考{facts.overall.took}人，参考率{rate}%。" if rate is not None else ""
    return basis + purpose + held + turnout + end


def _pass_line(facts):
    basis = f"（依据{facts.pass_basis}）" if facts.pass_basis else ""
    return f"试卷满分{points(facts.total_points)}分，合格分数为{points(facts.pass_mark)}分{basis}。"


def _attendance(facts):
    whole = facts.overall
    text = f"应考{whole.due}人，实考{whole.took}人，请假{whole.on_leave}人，缺考{whole.absent}人。"
    missing = sum(1 for unit in facts.units if unit.figures.absent)
    return text + (f"缺考人员分布在{missing}个单位。" if missing else "")


def _outcome(figures, base=""):
    """Passed, failed, rate and mean in words; `base` says once what the rate is a share of."""
    text = f"合格{figures.passed}人，不合格{figures.failed}人"
    if figures.pass_rate is not None:
        text += f"，合格率{figures.pass_rate}%{base}"
    if figures.mean is not None:
        text += f"，平均分{tenth(figures.mean)}分"
    return text


def _scores(facts):
    whole = facts.overall
    text = _pass_line(facts) + _outcome(whole, "（按实考人数计算，下同）")
    if whole.highest is not None and whole.lowest is not None:
        text += f"，最高分{points(whole.highest)}分，最低分{points(whole.lowest)}分"
    text += "。"
    if facts.earlier and whole.pass_rate is not None and whole.mean is not None:
        rate = _compared("合格率", whole.pass_rate, tenth(facts.earlier.pass_rate), "个百分点")
        mean = _compared("平均分", tenth(whole.mean), tenth(facts.earlier.mean), "分")
        text += f"与{facts.earlier.title}相比，{rate}，{mean}。"
    return text + ("分单位情况见附件1。" if facts.units and facts.weak_topics else "分单位情况见附件。" if facts.units else "")


def _compared(name, value, other, unit):
    """Compare the printed figures, so that a reader who subtracts them finds the same difference."""
    if value == other:
        return f"{name}持平"
    return f"{name}{'提高' if value > other else '下降'}{abs(value - other)}{unit}"


def _unit_figures(facts):
    """The whole's figures, then the unit's; a unit with fewer than three present is not compared."""
    own, whole = facts.unit.figures, facts.overall
    yield f"{_pass_line(facts)}全部实考人员中，{_outcome(whole, '（按实考人数计算，下同）')}。"
    text = f"你单位应考{own.due}人，实考{own.took}人，请假{own.on_leave}人，缺考{own.absent}人"
    if not own.took:
        yield text + "。"
    elif not own.is_compared or own.mean is None or whole.mean is None:
        yield f"{text}；合格{own.passed}人，不合格{own.failed}人。"
    else:
        rate = _against("合格率", own.pass_rate, whole.pass_rate, "个百分点")
        yield f"{text}；{_outcome(own)}，{rate}，{_against('平均分', tenth(own.mean), tenth(whole.mean), '分')}。"


def _against(name, value, whole, unit):
    if value == whole:
        return f"{name}与总体持平"
    return f"{name}{'高于' if value > whole else '低于'}总体{abs(value - whole)}{unit}"


def _list_sentence(facts):
    own = facts.unit.figures
    counts = [f"{word}人员{count}人" for word, count in (("不合格", own.failed), ("缺考", own.absent)) if count]
    return f"{'、'.join(counts)}，名单见附件。"


def _topics_sentence(facts, annexes=0):
    if not facts.weak_topics:
        return ""
    shares = [f"{weak.topic}（得分率{percent(weak.share, 1)}%）" for weak in facts.weak_topics[:NAMED_TOPICS]]
    where = f"知识点得分情况见附件{annexes if annexes > 1 else ''}。" if annexes else ""
    return f"从全部答卷看，失分较多的知识点有{'、'.join(shares)}。{where}"


def _merits(facts):
    """Units of three or more present whose people all passed; else those with the highest rate, equals side by side."""
    compared = [unit for unit in facts.units if unit.figures.is_compared]
    if not compared:
        return ""
    top = max(unit.figures.pass_rate for unit in compared)
    best = [unit.name for unit in compared if unit.figures.pass_rate == top]
    named = f"：{'、'.join(best)}" if len(best) <= NAMED_UNITS else "，名单见分单位情况"
    which = "实考人员全部合格的单位" if top == 100 else f"合格率最高（{top}%）的单位"
    return f"{which}有{len(best)}个{named}。" + ("实考不足3人的单位不作比较。" if len(compared) < len(facts.units) else "")


def _shortfalls(facts):
    concerned = sum(1 for unit in facts.units if unit.figures.failed or unit.figures.absent)
    if not concerned:
        return ""
    text = f"不合格和缺考人员分布在{concerned}个单位"
    rate = facts.overall.pass_rate
    below = sum(1 for unit in facts.units if unit.figures.is_compared and unit.figures.pass_rate < rate)
    return f"{text}，合格率低于总体水平的单位有{below}个。" if below else f"{text}。"


def _unit_requirements(facts):
    """Return (heading, text) for what is asked of one unit; each only when its date is known, study always."""
    last = facts.dated or clock.local(facts.closes_at).date()
    who = _who(facts.unit.figures)
    study = f"请你单位组织{who}补学{_subject(facts)}，由党组织书记负责督促落实。"
    if facts.resit_on:
        study += f"{who}应当参加{short_date(facts.resit_on, last)}组织的补考。"
    asked = [("补学补考" if facts.resit_on else "组织补学", study)]
    if facts.sign_due:
        asked.append(("按时签收", f"请于{_moment(facts.sign_due, last)}前登录平台阅读并签收本通报。"))
    if facts.reply_due:
        asked.append(("按时反馈", f"请于{short_date(facts.reply_due, last)}前报送整改情况。"))
    return asked


def _overall_requirements(facts):
    last = facts.dated or clock.local(facts.closes_at).date()
    who = _who(facts.overall)
    if not who:
        return []
    study = f"各有关单位要组织{who}补学{_subject(facts)}，由党组织书记负责督促落实。"
    if facts.resit_on:
        study += f"补考于{short_date(facts.resit_on, last)}进行，{who}应当参加。"
    sign = f"，请于{_moment(facts.sign_due, last)}前签收" if facts.sign_due else ""
    asked = [("补学补考" if facts.resit_on else "组织补学", study), ("名单发放", f"{who}名单按所在单位另行印发{sign}。")]
    if facts.reply_due:
        asked.append(("按时反馈", f"各有关单位于{short_date(facts.reply_due, last)}前报送整改情况。"))
    return asked


def _subject(facts):
    return "培训内容" if facts.training else "有关内容"


def _who(figures):
    words = matters(figures)
    return "和".join(words) + "人员" if words else ""


def _moment(moment, beside):
    """`4月24日17:00`, Shanghai time."""
    at = clock.local(moment)
    return f"{short_date(at.date(), beside)}{at.hour}:{at:%M}"
