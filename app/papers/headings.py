"""The printed headings of a paper's sections: part of the paper, so Chinese whatever language its reader chose."""

from flask import has_app_context
from flask_babel import force_locale

from app.bank import kinds
from app.bank.problems import words
from app.papers import rules


def rule_words(kind, rule):
    """Return how a part of the right options counts, in words; None for kinds without such a rule."""
    if kind != "multiple_choice":
        return None
    text, values = kinds.rule_label(rule)
    if not has_app_context():
        return words(text, **values)
    with force_locale("zh_Hans_CN"):
        return words(text, **values)


def section_heading(section, index, count):
    """Return the heading of a section (a PaperSection or SectionContents) that gives `count` questions."""
    return rules.heading(index, section.title, count, section.points_each, rule_words(section.kind, section.rule))


def headings(sections):
    """Return {section id: heading} for a list of SectionContents."""
    return {section.id: section_heading(section, section.index, section.count) for section in sections}
