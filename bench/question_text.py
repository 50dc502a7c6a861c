"""A long text of questions in the forms that trainers mix: the shipped questions again and again, each time told a little differently."""

from app.bank.recogniser import recognise
from app.config import ROOT

NUMBERINGS = ("{}. ", "{}、", "{}．", "({}) ", "第{}题 ")
HEADINGS = {"single_choice": "单项选择题", "multiple_choice": "多项选择题", "true_false": "判断题", "fill_blank": "填空题"}
ORDINALS = "一二三四五六七八九十"
TRUTHS = ({"true": "√", "false": "×"}, {"true": "对", "false": "错"}, {"true": "正确", "false": "错误"})


def shipped():
    """Return the shipped questions as the recogniser reads them, those with a kind and without a problem."""
    found = []
    for path in sorted(ROOT.glob("question_bank/*/*.txt")):
        found += recognise(path.read_text(encoding="utf-8")).usable
    return found


def text_of(count, questions):
    """Return (text, keys in order) of `count` questions: papers of about 500, each with its own way of writing."""
    lines, keys, made, paper = [], [], 0, 0
    by_kind = {kind: [question for question in questions if question.kind == kind] for kind in HEADINGS}
    while made < count:
        for place, (kind, title) in enumerate(HEADINGS.items()):
            share = min(125, count - made)
            lines.append(f"{ORDINALS[place]}、{title}（每题2分，共{share}题，{share * 2}分）")
            for number in range(1, share + 1):
                pool = by_kind[kind]
                question = pool[(paper * 125 + number) % len(pool)]
                lines += written(question, number, paper, f"第{made + number}次会上有人提出，")
                keys.append(question.key)
            lines.append("")
            made += share
        paper += 1
    return "\n".join(lines), keys


def written(question, number, style, opening):
    """Return the lines of a question in one of the styles."""
    stem, shown = opening + question.stem, key_shown(question, style)
    in_stem = style % 3 == 0 and question.kind != "fill_blank"
    if in_stem:
        stem = stem.replace("（　）", "").replace("（　　）", "").rstrip("。") + f"（ {shown} ）"
    lines = [NUMBERINGS[style % len(NUMBERINGS)].format(number) + stem, *options_shown(question, style)]
    if not in_stem:
        lines.append(f"{('答案：', '【答案】', '参考答案：')[style % 3]}{shown}")
    if style % 2:
        lines += [
            f"解析：{question.explanation}",
            f"知识点：{question.topic}",
            f"难度：{question.difficulty}",
            f"出处：{question.source}",
        ]
    return lines


def key_shown(question, style):
    """Return the key as it is written on paper."""
    if question.kind == "true_false":
        return TRUTHS[style % len(TRUTHS)][question.key[0]]
    if question.kind == "fill_blank":
        return "；".join("/".join(accepted) for accepted in question.key)
    return "".join(question.key)


def options_shown(question, style):
    """Return the options, one to a line or all on one."""
    sign = (".", "、", "．")[style % 3]
    shown = [f"{option['label']}{sign}{option['text']}" for option in question.options]
    return ["  ".join(shown)] if shown and style % 2 else shown
