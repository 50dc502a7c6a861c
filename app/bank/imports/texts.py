"""Questions as the plain text that trainers write: what a table becomes on the import page, and what a bank is exported as."""

from app.bank import kinds

HEADINGS = {"single_choice": "单项选择题", "multiple_choice": "多项选择题", "true_false": "判断题", "fill_blank": "填空题"}
NUMERALS = "一二三四五六七八九十"
LEVEL_WORDS = {1: "易", 2: "中", 3: "难"}


def text_of_questions(questions):
    """Return recognised questions as text, one after the other; those with a problem are written so that it is found again."""
    return "\n\n".join(_text(question, number).strip("\n") for number, question in enumerate(questions, 1)) + "\n"


def _text(question, number):
    meta = question.meta() | {"number": question.number or number}
    if question.kind is None or question.has_errors:
        return _as_it_is(question, meta)
    return kinds.get(question.kind).to_text(question.body(), meta)


def _as_it_is(question, meta):
    lines = [f"{meta['number']}. {question.stem}", *(f"{option['label']}. {option['text']}" for option in question.options)]
    lines += _key_lines(question)
    fields = (
        ("解析", question.explanation),
        ("知识点", question.topic),
        ("难度", question.difficulty),
        ("出处", question.source),
    )
    return "\n".join([*lines, *(f"{name}：{words}" for name, words in fields if words)])


def _key_lines(question):
    if not question.key:
        return []
    if question.kind == "fill_blank":
        return ["答案：" + "；".join("|".join(answers) for answers in question.key)]
    words = {"true": "正确", "false": "错误"}
    return ["答案：" + "".join(words.get(one, one) for one in question.key)]


def text_of_bank(questions):
    """Return stored questions as text: a section for each kind, numbers from 1 in each. The recogniser reads them back."""
    sections = []
    for kind, title in HEADINGS.items():
        mine = [question for question in questions if question.current.kind == kind]
        if mine:
            body = "\n".join(_stored(question, number) for number, question in enumerate(mine, 1))
            sections.append(f"{NUMERALS[len(sections)]}、{title}\n\n{body}")
    return "\n".join(sections)


def _stored(question, number):
    topic, source = question.topic.name if question.topic else None, question.current.source or None
    meta = {"number": number, "topic": topic, "difficulty": LEVEL_WORDS[question.difficulty], "source": source}
    text = kinds.get(question.current.kind).to_text(question.current.body, meta)
    return text + ("审核：待复核\n" if question.state == "review" else "")
