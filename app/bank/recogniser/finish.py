"""From raw questions to finished ones: the kind is decided, the key read, the rest checked and every problem placed."""

import re

from app.bank import kinds
from app.bank.kinds.base import stem_problems
from app.bank.kinds.choice import option_problems
from app.bank.kinds.matching import answer_key
from app.bank.problems import Problem
from app.bank.recogniser import choice, circled, fill, headings, stems, truth
from app.bank.recogniser.draft import Draft, Look, twins, unlabelled_first, write_options
from app.bank.recogniser.keys import parse_letters, parse_truth
from app.bank.recogniser.labels import DIFFICULTY, KIND, POINTS, SOURCE, TOPIC
from app.bank.recogniser.model import EASY, HARD, MEDIUM, Question
from app.bank.recogniser.wrapping import without_bracket

LEVEL_WORDS = (
    (EASY, ["易", "较易", "容易", "简单", "低", "易题", "基础", "初级", "入门", "easy", "★", "★★"]),
    (MEDIUM, ["中", "中等", "一般", "适中", "中级", "普通", "中档", "medium", "★★★"]),
    (HARD, ["难", "较难", "困难", "高", "难题", "高级", "很难", "hard", "★★★★", "★★★★★"]),
)
LEVEL_OF = {word: level for level, words in LEVEL_WORDS for word in words}
CHOICE_KINDS = (headings.SINGLE, headings.MULTIPLE, headings.CHOICE, headings.INDEFINITE)
OPTION_CODES = ("empty_option", "option_too_long", "duplicate_label", "missing_option", "same_option_text", "single_option")
KEY_CODES = (
    "no_key",
    "no_key_true_false",
    "no_key_fill_blank",
    "key_not_in_options",
    "kind_key_conflict",
    "single_key_in_multiple",
    "key_repeated",
    "blank_count_mismatch",
    "empty_answer",
    "answer_too_long",
)


def finish(raw, correction=None, look=None):
    """Return the Question for a RawQuestion.

    correction: {"key": [...], "kind": "..."} chosen by a person; it goes before everything written.
    look: what its looks say, see Look.
    """
    circled.take(raw)
    moved = unlabelled_first(raw)
    stem = stems.Stem(*twins(raw.stem))
    stems.take_tags(stem)
    draft = Draft(raw, stem, problems=list(raw.problems), look=look or Look())
    write_options(draft, moved)
    for key in [key for key in raw.keys if key.source == "line"][1:]:
        draft.problem(key.line, "key_twice", text=key.raw[:20])
    draft.declared = _declared(draft, correction)
    _decide(draft)
    if correction:
        _correct(draft, correction)
    stem.strip()
    question = _question(draft)
    question.problems = _placed(draft, question)
    return question


def _declared(draft, correction):
    """The kind that something names: a correction, a field, a tag at the stem, the section's heading."""
    if correction and correction.get("kind"):
        return correction["kind"]
    field = draft.raw.fields.get(KIND)
    named = headings.kind_of_word(field[1].strip("。. ")) if field else None
    if field and named is None:
        draft.problem(field[0], "unknown_kind_word", text=field[1][:20])
    if len({headings.kind_of_word(tag) for tag in draft.stem.tags}) > 1:
        draft.problem(draft.raw.first, "kind_tags_differ", tags="、".join(reversed(draft.stem.tags)))
    return named or draft.stem.kind or draft.raw.section.kind


def _decide(draft):
    declared = draft.declared
    if declared == headings.OTHER and not draft.options:
        draft.problem(draft.raw.first, "unsupported_kind")
        return None
    if draft.options:
        values = truth.two_truths(draft.options)
        if values is not None and declared in (None, headings.TRUE_FALSE, headings.CHOICE):
            return truth.decide(draft)
        return choice.decide(draft)
    if declared == headings.TRUE_FALSE:
        return truth.decide(draft)
    if declared == headings.FILL:
        return fill.decide(draft)
    if declared in CHOICE_KINDS:
        if declared == draft.raw.section.kind and truth.shows_truth(draft):
            if declared != headings.CHOICE:
                draft.problem(draft.raw.first, "kind_from_answer", title=draft.raw.section.title[:20])
            return truth.decide(draft)
        return choice.decide(draft)
    return _decide_undeclared(draft)


def _decide_undeclared(draft):
    """Without options and without a word for the kind, the key tells: a truth word, letters, or words for blanks."""
    if truth.shows_truth(draft) or any(truth.is_lettered_truth(key) for key in draft.raw.keys):
        return truth.decide(draft)
    dash = stems.dash_key(draft.stem.folded)
    if dash is not None or any(parse_letters(key.folded) and not parse_letters(key.folded).rest for key in draft.raw.keys):
        return choice.decide(draft)
    if draft.raw.keys and fill.PLACE.search(draft.stem.folded) and not any(parse_truth(key.folded) for key in draft.raw.keys):
        if _is_among_lines(draft):
            draft.problem(draft.raw.first, "options_without_letters")
            return None
        return fill.decide(draft)
    return _decide_by_stem(draft)


def _is_among_lines(draft):
    """The key repeats a line of the stem: options without letters."""
    lines = {answer_key(piece.raw) for piece in draft.raw.stem[1:]}
    return any(answer_key(key.raw) in lines for key in draft.raw.keys)


def _decide_by_stem(draft):
    if not draft.raw.keys and stems.letter_groups(draft.stem.folded, []) and not stems.empty_places(draft.stem.folded):
        return choice.decide(draft)
    if not draft.raw.keys and fill.PLACE.search(draft.stem.folded) and "_" in draft.stem.folded:
        return fill.decide(draft)
    draft.problem(draft.raw.first, "unknown_kind")
    return None


def _correct(draft, correction):
    """Put a person's choice in place of what was written; the problems it answers are gone."""
    answered = {
        "no_key",
        "bad_key",
        "key_conflict",
        "several_keys_in_stem",
        "key_from_format",
        "key_by_text",
        "key_glued",
        "key_after_stem",
        "true_false_letter",
        "blank_count_mismatch",
        "unknown_kind",
        "kind_options_conflict",
    }
    draft.problems = [problem for problem in draft.problems if problem.code not in answered]
    if "key" in correction:
        draft.key = list(correction["key"])
    draft.kind = correction.get("kind") or _kind_of_key(draft)


def _kind_of_key(draft):
    if draft.kind in (headings.TRUE_FALSE, headings.FILL):
        return draft.kind
    if draft.key in (["true"], ["false"]):
        return headings.TRUE_FALSE
    if draft.kind == headings.MULTIPLE or not draft.options:
        return draft.kind
    return headings.SINGLE if len(draft.key) == 1 else headings.MULTIPLE if draft.declared is None else draft.kind


def _question(draft):
    raw = draft.raw
    words, folded = twins(raw.explanation)
    explanation = without_bracket(words, folded, signs="")
    if draft.remarks:
        explanation = "\n".join([*draft.remarks, explanation]).strip()
    topic, source = raw.fields.get(TOPIC), raw.fields.get(SOURCE)
    points = raw.fields.get(POINTS)
    return Question(
        number=raw.number,
        kind=draft.kind,
        stem=draft.stem.raw,
        options=draft.options,
        key=draft.key,
        explanation=explanation,
        topic=(topic[1] or None) if topic else None,
        difficulty=_difficulty(draft),
        source=(source[1] or None) if source else None,
        lines=(raw.first, raw.last),
        points=draft.stem.points or (points[1].rstrip("分 ") if points else None) or raw.section.points_each,
        section=raw.section.title or None,
        ordered=draft.ordered,
    )


def _difficulty(draft):
    """Return 易, 中 or 难 from the words, 1–5 (5 hardest) or 0–1 (a 难度系数: the share who get it right, so high is easy)."""
    field = draft.raw.fields.get(DIFFICULTY)
    text = (field[1] if field else draft.stem.level) or ""
    text = text.strip().strip("。.()（）【】[]题度 ").replace("☆", "") or text.strip()
    if not text:
        return None
    level = LEVEL_OF.get(text.lower())
    if level is None and re.fullmatch(r"[1-5](?:级|星|颗星)?", text):
        level = (EASY, EASY, MEDIUM, HARD, HARD)[int(text[0]) - 1]
    if level is None and re.fullmatch(r"0(?:\.\d{1,3})?|1\.0{1,3}", text):
        level = EASY if float(text) >= 0.7 else MEDIUM if float(text) >= 0.4 else HARD
    if level is None:
        draft.problem(field[0] if field else draft.raw.first, "bad_difficulty", text=text[:20])
    return level


def _placed(draft, question):
    """Return all problems of a question, each with the line where it can be mended."""
    found = list(draft.problems)
    said = {problem.code for problem in found}
    for problem in _body_problems(draft, question):
        if problem.code == "single_key_in_multiple" and draft.declared == headings.INDEFINITE:
            continue
        if problem.code == "missing_options" and draft.declared == headings.TRUE_FALSE:
            continue
        if problem.code in said and problem.code != "missing_option":
            continue
        if problem.code.startswith("no_key") and said & {
            "bad_key",
            "true_false_letter",
            "blank_count_mismatch",
            "key_conflict",
            "several_keys_in_stem",
        }:
            continue
        found.append(_with_line(draft, problem))
    return sorted(found, key=lambda problem: problem.line or 0)


def _body_problems(draft, question):
    body = question.body()
    if question.kind is not None:
        return kinds.get(question.kind).problems(body)
    found = stem_problems(body)
    codes = {problem.code for problem in draft.problems}
    if draft.options:
        return [*found, *option_problems(draft.options), *([Problem(None, "no_key")] if not draft.key else [])]
    if draft.declared in CHOICE_KINDS:
        return [*found, Problem(None, "missing_options"), *([] if draft.key else [Problem(None, "no_key")])]
    if not codes & {"unknown_kind", "unsupported_kind", "options_without_letters"}:
        found.append(Problem(None, "unknown_kind"))
    return found


def _with_line(draft, problem):
    raw, params = draft.raw, dict(problem.params)
    line = raw.first
    if problem.code in OPTION_CODES:
        label = params.get("label")
        line = draft.option_line(label)
        if problem.code == "missing_option":
            line = next((one.line for one in raw.options if one.label > label), raw.last)
        elif problem.code == "duplicate_label":
            line = [one.line for one in raw.options if one.label == label][-1]
    elif problem.code in KEY_CODES:
        line = draft.line_of_key
        if problem.code.startswith("no_key"):
            params["at"] = raw.key_line or raw.last + 1
    elif problem.code == "missing_options":
        line = raw.last
        params["at"] = raw.last + 1
    return Problem(line, problem.code, params)
