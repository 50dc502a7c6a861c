"""When a typed answer equals an accepted one: by what it says, not by how wide, spaced or quoted it is typed."""

import unicodedata
from functools import lru_cache

from app.bank.kinds import numerals

AROUND = " \t　。．.，,、；;：:！!？?·…—-~～《》〈〉<>“”\"‘’'「」『』（）()【】[]〔〕"
FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "～": "~", "〇": "零"})


@lru_cache(maxsize=4096)
def answer_key(text):
    """Return the form in which answers are compared: NFKC, lower case, no spaces, nothing but words at both ends."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split()).translate(FOLD)
    return folded.strip(AROUND) or folded


class Accepted:
    """The accepted answers of one blank, made ready for many comparisons."""

    __slots__ = ("texts", "numerals")

    def __init__(self, answers):
        self.texts = frozenset(answer_key(answer) for answer in answers)
        self.numerals = frozenset(form for form in map(numerals.canonical, self.texts) if form is not None)

    def takes(self, answer):
        """True when `answer` equals one of the accepted ones, or differs from one with a numeral solely in the
        numeral's form (三个月, 3个月). An accepted answer without a numeral never accepts one."""
        key = answer_key(answer)
        if not key:
            return False
        return key in self.texts or bool(self.numerals) and numerals.canonical(key) in self.numerals


def best_matching(blanks, answers):
    """Return, per answer, the index of the blank that takes it or None: as many pairs as possible, each blank once.

    For blanks that may be filled in any order. Augmenting paths; a question has a handful of blanks.
    """
    takes = [[i for i, blank in enumerate(blanks) if blank.takes(answer)] for answer in answers]
    taken_by: dict[int, int] = {}

    def place(answer, tried):
        for blank in takes[answer]:
            if blank in tried:
                continue
            tried.add(blank)
            if blank not in taken_by or place(taken_by[blank], tried):
                taken_by[blank] = answer
                return True
        return False

    for answer in range(len(answers)):
        place(answer, set())
    blank_of = {answer: blank for blank, answer in taken_by.items()}
    return [blank_of.get(answer) for answer in range(len(answers))]
