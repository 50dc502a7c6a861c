"""The shipped questions in question_bank/: written as the README says, varied, and each resting on checked facts.

The files are read by a few lines of their own here, not by the app, so that both readings can be compared.
"""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "question_bank"
FACTS = ROOT.parent / "shared" / "facts"
HEADING = re.compile(r"[一二三四]、(单项选择题|多项选择题|判断题|填空题)")
LABELS = ("答案", "解析", "知识点", "难度", "出处", "审核")
SINGLE, MULTIPLE, TRUE_FALSE, BLANKS = "单项选择题", "多项选择题", "判断题", "填空题"
ARTICLE = re.compile(r"第([零一二三四五六七八九十百]+)(?:至([零一二三四五六七八九十百]+))?((?:、[零一二三四五六七八九十百]+)*)条")
ARTICLE_LIST = re.compile(r"第[零一二三四五六七八九十百、至]+条")


@dataclass
class Question:
    where: str
    kind: str
    number: int
    stem: str
    options: list = field(default_factory=list)
    labels: dict = field(default_factory=dict)

    @property
    def facts(self):
        match = re.search(r"〔事实 ([A-Z]{2}\d{2}(?:、[A-Z]{2}\d{2})*)〕$", self.labels.get("出处", ""))
        return match.group(1).split("、") if match else []

    @property
    def key(self):
        return self.labels["答案"]

    @property
    def for_review(self):
        return self.labels.get("审核") == "待复核"


def read(path):
    """Yield the questions of one file; a line of no known form fails the run."""
    kind = question = None
    for line_number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.relative_to(BANK)}:{line_number}"
        heading, start = HEADING.fullmatch(line), re.fullmatch(r"(\d+)\. (\S.*)", line)
        option, label = re.fullmatch(r"([A-D])\. (\S.*)", line), line.partition("：")
        if heading or not line:
            if question:
                yield question
            question = None
            kind = heading.group(1) if heading else kind
        elif start and question is None:
            question = Question(where, kind, int(start.group(1)), start.group(2))
        elif option and question and not question.labels:
            question.options.append(option.groups())
        elif label[0] in LABELS and label[2].strip() and question and label[0] not in question.labels:
            question.labels[label[0]] = label[2]
        else:
            pytest.fail(f"{where}: not a line of the shipped bank's form: {line}")
    if question:
        yield question


@cache
def questions():
    return [question for path in sorted(BANK.rglob("*.txt")) for question in read(path)]


@cache
def facts():
    """Every fact by its number, or None where the facts are not at hand."""
    if not FACTS.is_dir():
        return None
    rows = {}
    for path in sorted(FACTS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t"):
                words = next(value for column, value in row.items() if column.startswith("事实"))
                rows[row["编号"]] = {"words": words, "article": row["条款"], "level": row["核验"]}
    return rows


@pytest.fixture
def known(capsys):
    """The facts; where they are absent, a line on the terminal says what was left out."""
    rows = facts()
    if rows is None:
        with capsys.disabled():
            print(f"\nNOT CHECKED: {FACTS} is absent, so the shipped questions were not compared with the facts they name.")
    return rows or {}


def number(text):
    """Return 三十二 as 32."""
    digits = "零一二三四五六七八九"
    tens, ten, ones = text.rpartition("十") if "十" in text else ("", "", text)
    return (digits.index(tens) if tens else 1 if ten else 0) * 10 + (digits.index(ones) if ones else 0)


def articles(text):
    """Return the numbers of the articles that `text` names: 第九至十五条, 第二十二、二十三条."""
    found = set()
    for first, last, more in ARTICLE.findall(text):
        found |= set(range(number(first), number(last or first) + 1))
        found |= {number(one) for one in more.split("、") if one}
    return found


def wrong(problems):
    assert not problems, "\n" + "\n".join(problems)


def test_there_are_enough_questions_of_all_four_kinds():
    kinds = Counter(question.kind for question in questions())
    total = len(questions())
    assert total >= 240
    assert sum(not question.for_review for question in questions()) >= 200
    for kind, least in ((SINGLE, 0.4), (MULTIPLE, 0.15), (TRUE_FALSE, 0.18), (BLANKS, 0.12)):
        assert kinds[kind] / total >= least, kinds


def test_every_question_is_complete_and_numbered_within_its_section():
    problems, counts = [], defaultdict(int)
    for question in questions():
        section = (question.where.split(":")[0], question.kind)
        counts[section] += 1
        if question.number != counts[section]:
            problems.append(f"{question.where}: number {question.number}, expected {counts[section]}")
        missing = [label for label in LABELS[:5] if not question.labels.get(label)]
        if missing:
            problems.append(f"{question.where}: without {'、'.join(missing)}")
        if not question.facts:
            problems.append(f"{question.where}: 出处 names no fact as 〔事实 XX00〕")
        if question.labels.get("难度") not in ("易", "中", "难"):
            problems.append(f"{question.where}: 难度 is none of 易 中 难")
        if question.labels.get("审核", "待复核") != "待复核":
            problems.append(f"{question.where}: 审核 is not 待复核")
        if not re.fullmatch(r"[^/\s]+/[^/\s]+", question.labels.get("知识点", "")):
            problems.append(f"{question.where}: 知识点 is not 一级/二级")
        if not re.search(r"《[^》]+》", question.labels.get("出处", "")):
            problems.append(f"{question.where}: 出处 names no document")
    wrong(problems)


def test_every_key_fits_its_question():
    problems = []
    for question in questions():
        letters = [letter for letter, _ in question.options]
        if question.kind in (SINGLE, MULTIPLE):
            fits = letters == list("ABCD") and len({text for _, text in question.options}) == 4
            fits = fits and question.stem.count("（　　）") == 1
            fits = fits and re.fullmatch("[A-D]" if question.kind == SINGLE else "A?B?C?D?", question.key) is not None
            fits = fits and (question.kind == SINGLE or 2 <= len(question.key) <= 4)
        elif question.kind == TRUE_FALSE:
            fits = not letters and question.key in ("正确", "错误") and question.stem.endswith("（　　）")
        else:
            answers = question.key.split("；")
            fits = not letters and question.stem.count("____") == len(answers) and all(re.split("[；|]", question.key))
        if not fits:
            problems.append(f"{question.where}: the key {question.key} does not fit the question")
    wrong(problems)


def test_no_question_is_asked_twice():
    plain = defaultdict(list)
    for question in questions():
        plain[re.sub(r"\W|_", "", question.stem)].append(question.where)
    wrong([f"the same stem in {'、'.join(places)}" for places in plain.values() if len(places) > 1])


def test_the_place_of_the_key_gives_nothing_away():
    single = Counter(question.key for question in questions() if question.kind == SINGLE)
    assert set(single) == set("ABCD")
    assert all(0.2 <= count / single.total() <= 0.3 for count in single.values()), single
    multiple = Counter(question.key for question in questions() if question.kind == MULTIPLE)
    assert {len(key) for key in multiple} == {2, 3, 4}
    assert len(multiple) >= 8 and max(multiple.values()) <= multiple.total() / 5, multiple
    verdicts = Counter(question.key for question in questions() if question.kind == TRUE_FALSE)
    assert 0.4 <= verdicts["正确"] / verdicts.total() <= 0.6, verdicts
    longest = 0
    for question in questions():
        sizes = {letter: len(text) for letter, text in question.options}
        longest += question.kind == SINGLE and sizes.pop(question.key) > max(sizes.values())
    assert longest <= single.total() / 4


def test_no_option_stands_for_the_others():
    pattern = re.compile("以上(?:都|均|皆|全|选项|各项|说法)|都对|都不对|全对")
    wrong([f"{question.where}: {text}" for question in questions() for _, text in question.options if pattern.search(text)])


def test_difficulties_are_spread():
    levels = Counter(question.labels["难度"] for question in questions())
    shares = {level: levels[level] / levels.total() for level in "易中难"}
    assert 0.33 <= shares["易"] <= 0.47 and 0.38 <= shares["中"] <= 0.52 and 0.1 <= shares["难"] <= 0.2, shares


def test_explanations_name_the_document_and_its_year_but_no_article():
    problems = []
    for question in questions():
        words = question.labels["解析"]
        if not re.search(r"《[^》]+》", words + question.stem) or not re.search(r"(?:19|20)\d\d", words + question.stem):
            problems.append(f"{question.where}: the explanation names no document with its year")
        if ARTICLE_LIST.search(words) or ARTICLE_LIST.search(question.stem):
            problems.append(f"{question.where}: an article number outside 出处")
    wrong(problems)


def test_every_fact_exists_and_its_level_agrees_with_the_review_line(known):
    problems = []
    for question in questions() if known else []:
        levels = {known.get(fact, {}).get("level", "no such fact") for fact in question.facts}
        if not levels <= {"VERIFIED-原文", "VERIFIED-旁证"}:
            problems.append(f"{question.where}: rests on {levels}")
        elif question.for_review != ("VERIFIED-旁证" in levels):
            problems.append(f"{question.where}: the line 审核：待复核 does not agree with {levels}")
    wrong(problems)


def test_articles_are_named_only_where_they_were_checked(known):
    problems = []
    for question in questions() if known else []:
        allowed, named = set(), articles(question.labels["出处"])
        for row in (known[fact] for fact in question.facts if fact in known):
            if row["level"] == "VERIFIED-原文" and "前后" not in row["article"]:
                allowed |= articles(row["article"])
        if not named <= allowed:
            problems.append(f"{question.where}: 出处 names articles {named}, checked are {allowed or 'none'}")
    wrong(problems)


def runs(text, length=20):
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def test_the_sentences_are_our_own(known):
    words = {run: fact for fact, row in known.items() for run in runs(row["words"])}
    problems = []
    for question in questions() if known else []:
        ours = [question.stem, question.labels["解析"], *(text for _, text in question.options)]
        same = {words[run] for text in ours for run in runs(text) & words.keys()}
        if same:
            problems.append(f"{question.where}: shares 20 characters or more with {'、'.join(sorted(same))}")
    wrong(problems)


def test_every_topic_is_in_the_tree_of_topics(known):
    text = (FACTS / "README.md").read_text(encoding="utf-8") if known else ""
    topics = {
        f"{top}/{name}"
        for top, names in re.findall(r"^- \*\*(.+?)\*\*：(.+)$", text, re.MULTILINE)
        for name in re.findall(r"([^、]+?)\(\d+\)", names)
    }
    wrong([f"{q.where}: no such topic {q.labels['知识点']}" for q in questions() if known and q.labels["知识点"] not in topics])
