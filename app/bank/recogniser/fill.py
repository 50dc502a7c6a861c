"""Deciding a fill-in question: where its blanks are, and what each of them takes."""

import re

from app.bank.recogniser import headings
from app.bank.recogniser.characters import fold
from app.bank.recogniser.keys import count_parts, parse_answers

BLANK = "____"
PLACE = re.compile(
    r"[(\[【]\s{0,20}_{2,}\s{0,20}[)\]】]|_{2,}(?:\s{0,3}_{2,})*|[(\[【]\s{0,30}[)\]】]|(?<=《)\s{0,20}(?=》)|(?<=“)\s{1,20}(?=”)"
)
APART = re.compile(PLACE.pattern.replace(r"(?:\s{0,3}_{2,})*", ""))  # each run of underscores by itself
UNUSUAL = (re.compile(r"-{3,}"), re.compile(r"[.…·]{4,}|…{2,}"), re.compile(r"(?<=\S) {3,}(?=\S)"))
FILLED = re.compile(r"_{2,}\s{0,10}(?P<answer>[^_\n]{1,60}?)\s{0,10}_{2,}")
GROUP = re.compile(r"[(\[【](?P<answer>[^()\[\]【】\n]{1,60})[)\]】]")
REMARK = re.compile(r"\s*(?:以下|下称|简称|下同|即|含|不含|包括|不包括|试行|暂行|修订|修正|注[:：]|见|如|例如|节选|摘录)")
OTHER_SPELLINGS = re.compile(r"^(?:或|也可|[\d一二两三四五六七八九十百零]{1,6}$)|[、/|]|[均也]可")
ANY_ORDER = re.compile(
    r"\s*[(\[【]?\s?(?:不分顺序|顺序不限|不分先后|顺序可换|顺序可调|次序不限|无顺序要求)\s?[)\]】]?\s*[:：、，,]?\s*"
)


def decide(draft):
    """Set kind and key of a Draft with blanks; its stem gets `____` for each of them."""
    draft.kind = headings.FILL
    _find(draft)
    for answer in (answer for blank in draft.key for answer in blank):
        if _has_doubtful_bracket(answer):
            draft.problem(draft.line_of_key, "answer_bracket", text=answer[:30])


def _has_doubtful_bracket(answer):
    """True for "两（2、二）" and "两（2": a bracket that lists other spellings, or is not closed. "《条例（试行）》" is one answer."""
    folded = fold(answer)
    if folded.count("(") != folded.count(")"):
        return True
    return any(OTHER_SPELLINGS.search(match["answer"]) for match in GROUP.finditer(folded))


def _find(draft):
    """Find blanks and answers, in the order in which they are sure."""
    if not draft.raw.keys and _answers_inside(draft):
        return
    blanks = _write_blanks(draft.stem, APART if _are_apart(draft) else PLACE)
    if not blanks and draft.raw.keys:
        blanks = _unusual_blanks(draft)
    if not blanks and not draft.raw.keys and draft.look.underlined:
        _answers_underlined(draft)
        return
    if blanks and draft.raw.keys:
        _answers_said(draft, blanks)
    elif blanks:
        _answers_behind(draft, blanks)


def _are_apart(draft):
    """ "____ ____" is one blank drawn in two strokes, or two: two when so many answers are given in a documented way."""
    count = len(APART.findall(draft.stem.folded))
    if len(draft.raw.keys) != 1 or count == len(PLACE.findall(draft.stem.folded)):
        return False
    answers = parse_answers(draft.raw.keys[0].raw, draft.raw.keys[0].folded, count)
    return answers is not None and not answers.unusual


def _answers_behind(draft, blanks):
    """Answers in one bracket behind the stem: "没有____和____。（表决权；选举权）"."""
    stem = draft.stem
    groups = [match for match in GROUP.finditer(stem.folded) if not stem.folded[match.end() :].strip(" 。.")]
    if not groups or stem.folded.find(BLANK) > groups[-1].start() or REMARK.match(groups[-1]["answer"]):
        return
    start, end = groups[-1].span("answer")
    answers = parse_answers(stem.raw[start:end], stem.folded[start:end], blanks)
    if answers is None:
        return
    draft.key = answers.blanks
    stem.cut(groups[-1].start(), groups[-1].end())
    stem.strip()
    draft.problem(draft.raw.first, "answers_behind", answers="；".join("/".join(blank) for blank in answers.blanks))


def _unusual_blanks(draft):
    """Blanks drawn as a long dash, dots, or nothing but space (an underline lost in copying): only when as many as answers."""
    key = draft.raw.keys[0]
    for pattern in UNUSUAL:
        count = len(pattern.findall(draft.stem.folded))
        if count and parse_answers(key.raw, key.folded, count):
            draft.problem(draft.raw.first, "unusual_blanks", count=count)
            return _write_blanks(draft.stem, pattern)
    return 0


def _write_blanks(stem, pattern=PLACE):
    """Replace every empty place by `____` and return how many there are."""
    places = list(pattern.finditer(stem.folded))
    for match in reversed(places):
        stem.raw = stem.raw[: match.start()] + BLANK + stem.raw[match.end() :]
        stem.folded = stem.folded[: match.start()] + BLANK + stem.folded[match.end() :]
    return len(places)


def _answers_said(draft, blanks):
    keys = draft.raw.keys
    draft.key_line = keys[0].line
    if len(keys) == blanks > 1 and all(parse_answers(key.raw, key.folded, 1) for key in keys):
        draft.key = [parse_answers(key.raw, key.folded, 1).blanks[0] for key in keys]
        return
    for key in keys[1:]:
        if key.folded.strip() != keys[0].folded.strip():
            draft.problem(key.line, "key_conflict", one=keys[0].raw[:20], other=key.raw[:20])
    raw, folded = keys[0].raw, keys[0].folded
    order = ANY_ORDER.match(folded)
    if order is not None and order.end():
        raw, folded, draft.ordered = raw[order.end() :], folded[order.end() :], False
    answers = parse_answers(raw, folded, blanks)
    if answers is None:
        draft.problem(draft.key_line, "blank_count_mismatch", blanks=blanks, answers=count_parts(raw, folded))
        return
    draft.key = answers.blanks
    if answers.unusual:
        draft.problem(draft.key_line, "answers_split", answers="；".join("/".join(blank) for blank in answers.blanks))


def _answers_inside(draft):
    """Answers written into the blanks themselves: "（民主集中制）" or "__民主集中制__". True when that is how it is."""
    stem = draft.stem
    if PLACE.search(stem.folded) and not (draft.look.paired and all_filled(stem.folded)):
        return False
    found = list(FILLED.finditer(stem.folded)) or list(GROUP.finditer(stem.folded))
    if not found:
        return False
    inside = "_" in found[0].group()
    answers = [match for match in found if inside or not _is_remark(stem.folded, match)]
    if not answers:
        return False
    if len(answers) != len(found):
        draft.problem(
            draft.raw.first, "brackets_left", texts="、".join(match["answer"] for match in found if match not in answers)
        )
    if inside:
        draft.problem(draft.raw.first, "answers_in_underscores", answers="；".join(match["answer"].strip() for match in answers))
    for match in reversed(answers):
        start, end = match.span("answer")
        given = parse_answers(stem.raw[start:end], stem.folded[start:end], 1)
        draft.key.insert(0, given.blanks[0] if given else [stem.raw[start:end].strip()])
        stem.raw = stem.raw[: match.start()] + BLANK + stem.raw[match.end() :]
        stem.folded = stem.folded[: match.start()] + BLANK + stem.folded[match.end() :]
    draft.key_line = draft.raw.first
    return True


def _answers_underlined(draft):
    """Underlined words of a Word file, in a stem without blanks: each becomes a blank with that answer."""
    stem, place = draft.stem, 0
    for words in draft.look.underlined:
        start = stem.raw.find(words, place)
        if start < 0:
            continue
        end = start + len(words)
        before, after = stem.raw[:start].rstrip(), stem.raw[end:].lstrip()
        folded_before, folded_after = stem.folded[: len(before)], stem.folded[len(stem.raw) - len(after) :]
        stem.raw, stem.folded = before + BLANK + after, folded_before + BLANK + folded_after
        place = len(before) + len(BLANK)
        draft.key.append([words])
    draft.problem(draft.raw.first, "answers_underlined", answers="；".join(answers[0] for answers in draft.key))


def _is_remark(folded, match):
    """True for brackets that are part of the text: "（以下简称党章）", "《条例（试行）》", the "（一）" before a paragraph."""
    in_title = folded.rfind("《", 0, match.start()) > folded.rfind("》", 0, match.start())
    return bool(REMARK.match(match["answer"])) or in_title or not folded[: match.start()].strip()


def all_filled(folded):
    """True when every run of underscores belongs to a pair around some words, and no empty bracket is left."""
    runs = len(re.findall(r"_{2,}", folded))
    return runs > 0 and runs % 2 == 0 and len(FILLED.findall(folded)) * 2 == runs and not re.search(r"[(\[【]\s*[)\]】]", folded)
