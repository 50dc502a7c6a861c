"""Headings as the parser meets them: which lines are headings, and which section they open."""

from app.bank.recogniser import headings
from app.bank.recogniser.headings import Section
from app.bank.recogniser.labels import EXPLANATION, KEY
from app.bank.recogniser.numbering import SURE

QUESTION_FOLLOWS = ("option", "box", KEY)


def heading(parser, i, line):
    """Take a line as a heading; False when what surrounds it shows that it is none."""
    found = line.heading
    if line.number is not None and parser.ahead.follows(i) in QUESTION_FOLLOWS:
        return False
    if found.kind is None and not _is_plain(parser, i, line):
        return False
    waiting = parser.q is not None and not parser.q.complete and parser.state == "stem"
    if found.kind is not None and not found.sure and waiting and parser.ahead.follows(i) != "number":
        return False
    open_section(parser, line, found)
    return True


def markdown_heading(parser, i, line):
    """### stem, when options or a key follow it; any other # line without a kind is a heading."""
    if line.heading is not None and (line.heading.kind is not None or line.heading.answers):
        return False
    if parser.ahead.follows(i) in QUESTION_FOLLOWS:
        parser.begin_unnumbered(i, line)
    else:
        open_section(parser, line, line.heading or headings.Heading())
    return True


def open_section(parser, line, found):
    """Begin a section. One without a kind of its own keeps that of the heading above it, if it lies deeper."""
    parser.roles[line.no] = "heading"
    kind, depth = found.kind, _depth(line.folded)
    if kind is not None:
        parser.kind_depth = depth
    elif depth > parser.kind_depth:
        kind = parser.sections[-1].kind  # （一） under 一、单选题 is a part of it
    index = len(parser.sections)
    parser.sections.append(Section(index, line.no, line.raw, kind, found.ordinal, found.points_each, found.promised))
    parser.q, parser.state, parser.sublist = None, None, None


def _is_plain(parser, i, line):
    """A line such as 二、纪律处分 is a heading, unless what follows shows that it is a question or goes on with one."""
    follows, found = parser.ahead.follows(i), line.heading
    if follows in QUESTION_FOLLOWS:
        return False
    introduces = follows in ("number", "heading") and line.folded[-1] not in "。;,、"
    if parser.state == EXPLANATION:
        listed = parser.sublist is not None and parser.sublist == ("一", (found.ordinal or 0) - 1)
        if listed or not introduces:
            parser.sublist = ("一", found.ordinal)
            return False
    if parser.q is None or parser.q.complete:
        return found.sure or introduces
    after = parser.ahead.next(i)
    due = (1, (parser.q.number or 0) + 1)
    return after is not None and after.number is not None and after.number.strength == SURE and after.number.value in due


def _depth(folded):
    """How deep a heading lies: 第一章 0, 一、 or no ordinal 1, （一） 2."""
    if headings.CHAPTER.match(folded):
        return 0
    return 2 if headings.IN_BRACKETS.match(folded) else 1
