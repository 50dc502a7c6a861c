"""What can only be seen over the whole text: the same question twice, and headings that promise another count."""

import re
from collections import Counter

from app.bank.problems import Problem
from app.bank.recogniser.headings import OTHER

SPACES = re.compile(r"[\s　()（）]+")


def fingerprint(question):
    """Return what makes two questions the same to a reader: the words of stem and options, whatever their order."""
    words = [SPACES.sub("", question.stem), *sorted(SPACES.sub("", option["text"]) for option in question.options)]
    return "\n".join(words)


def duplicates(questions):
    """Add a warning to each question that repeats an earlier one of the same text; return nothing for the text itself."""
    seen: dict = {}
    for question in questions:
        if not question.stem:
            continue
        print_ = fingerprint(question)
        first = seen.setdefault(print_, question)
        if first is question:
            continue
        same = first.key == question.key
        code = "duplicate_in_file" if same else "duplicate_other_key"
        params = {"first": first.lines[0], "number": first.number if first.number is not None else "—"}
        question.problems.append(Problem(question.lines[0], code, params))
    return []


def promises(sections, questions):
    """Return a warning for each heading that says how many questions follow and is wrong, and for kinds read as another."""
    found, counts = [], Counter(question.section.index for question in questions)
    for section in sections[1:]:
        count = counts[section.index]
        if section.promised is not None and count and section.promised != count:
            found.append(Problem(section.line, "heading_count", {"promised": section.promised, "count": count}))
        if section.kind == OTHER and not count:
            found.append(Problem(section.line, "unsupported_section", {"title": section.title[:30]}))
    return found
