"""Which questions of a bank say the same, or nearly: fingerprints for equal ones, an index of word pieces for like ones."""

import heapq
import threading
import zlib
from collections import Counter, OrderedDict, defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import func, select

from app.bank import rules
from app.bank.models import Question, QuestionVersion
from app.core.db import db

LIKE = 90  # percent from which two questions are shown as nearly the same
PIECE = 3  # characters
PIECES_KEPT = 12  # per text: those with the smallest checksums, so that like texts keep the same ones
MOST_PER_PIECE = 40  # texts; what stands in more of them ("下列说法正确的是") tells nothing
MOST_COMPARED = 25  # texts that are really compared with one
INDEXES_KEPT = 4


@dataclass(frozen=True)
class Like:
    """The question of the bank that is most like a text: its id and number, and how like, in percent."""

    id: int
    number: int
    percent: int


class Index:
    """Finds the most like text among thousands by comparing with a few: those that share rare pieces of words.

    Two texts that agree in 90 % share at least one kept piece in more than 99 of 100 cases; the cost of a question does not
    grow with the bank.
    """

    def __init__(self, entries):
        """entries: (id, number, text) of each question."""
        self._entries = [(id_, number, rules.words_only(text)) for id_, number, text in entries]
        self._by_piece = defaultdict(list)
        for place, (_, _, text) in enumerate(self._entries):
            for piece in pieces(text):
                holders = self._by_piece[piece]
                if len(holders) < MOST_PER_PIECE:
                    holders.append(place)

    def most_like(self, text, at_least=LIKE, leave_out=None):
        """Return the Like of a text, or None when nothing reaches `at_least` percent. leave_out: the id of the question itself."""
        plain = rules.words_only(text)
        shared = Counter(place for piece in pieces(plain) for place in self._by_piece.get(piece, ()))
        best = None
        for place, _ in shared.most_common(MOST_COMPARED):
            id_, number, other = self._entries[place]
            percent = 0 if id_ == leave_out else int(fuzz.ratio(plain, other, score_cutoff=at_least))
            if percent >= max(at_least, 1) and (best is None or percent > best.percent):
                best = Like(id_, number, percent)
        return best


def pieces(text):
    """Return the kept pieces of a text as checksums."""
    cut = {text[i : i + PIECE] for i in range(max(1, len(text) - PIECE + 1))}
    return heapq.nsmallest(PIECES_KEPT, [zlib.crc32(piece.encode()) for piece in cut])


_kept, _lock = OrderedDict(), threading.Lock()


def index_of(bank_id):
    """Return the Index of a bank's questions, retired ones among them; kept until one of them changes."""
    wanted = Question.bank_id == bank_id
    stamp = db.session.execute(
        select(
            func.count(), func.max(Question.updated_at), func.max(Question.current_version_id), func.min(Question.fingerprint),
            func.max(Question.fingerprint),
        ).where(wanted)
    ).one()  # fmt: skip
    key = (bank_id, *stamp)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = Index(db.session.execute(select(Question.id, Question.number, Question.search_text).where(wanted)))
    with _lock:
        _kept[key] = found
        while len(_kept) > INDEXES_KEPT:
            _kept.popitem(last=False)
    return found


@dataclass(frozen=True)
class Known:
    """A question of the bank with the same fingerprint. `key` is its key in sorted form; `is_old`: only an older version says the same."""

    id: int
    number: int
    key: list
    is_old: bool = False


def known(bank_id, fingerprints):
    """Return {fingerprint: Known} for those that the bank has, in its present or an older wording."""
    wanted, found = set(fingerprints), {}
    for print_, one in _old_wordings(bank_id):
        if print_ in wanted:
            found[print_] = one
    query = select(Question.fingerprint, Question.id, Question.number, Question.kind, QuestionVersion.body)
    query = query.join(QuestionVersion, QuestionVersion.id == Question.current_version_id).where(Question.bank_id == bank_id)
    for some in _chunks(sorted(wanted)):
        for print_, id_, number, kind, body in db.session.execute(
            query.where(Question.fingerprint.in_(some)).order_by(Question.number.desc())
        ):
            found[print_] = Known(id_, number, rules.sorted_key(kind, body["key"]))
    return found


def _old_wordings(bank_id):
    """Yield (fingerprint, Known) of the versions that are no longer current; there are few of them."""
    query = (
        select(Question.id, Question.number, QuestionVersion.kind, QuestionVersion.body)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank_id, QuestionVersion.id != Question.current_version_id)
    )
    for id_, number, kind, body in db.session.execute(query):
        yield rules.fingerprint(body), Known(id_, number, rules.sorted_key(kind, body["key"]), is_old=True)


def _chunks(items, size=500):
    return (items[i : i + size] for i in range(0, len(items), size))
