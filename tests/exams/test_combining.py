"""Reads for a crowd: everyone gets the own answer, nobody waits for ever, whoever reads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.exams.lanes import combining
from app.exams.lanes.combining import Combining


class Held:
    """A fetch that waits until it is let go, and notes what it was asked."""

    def __init__(self):
        self.go, self.began, self.batches = threading.Event(), threading.Event(), []

    def __call__(self, questions):
        self.batches.append(questions)
        self.began.set()
        assert self.go.wait(10)
        return [question * 10 for question in questions]


def waiting(combined, count):
    """Wait until so many requests stand in the queue."""
    while len(combined._waiting) < count:
        pass


def test_one_alone_reads_at_once():
    combined = Combining(lambda questions: [len(questions)])
    assert [combined.ask("a"), combined.ask("b")] == [1, 1]


def test_all_who_come_during_a_read_are_served_by_the_next_one():
    fetch = Held()
    combined = Combining(fetch)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(combined.ask, 1)
        fetch.began.wait(10)
        others = [pool.submit(combined.ask, number) for number in range(2, 10)]
        waiting(combined, 8)
        fetch.go.set()
        assert first.result() == 10
        assert [other.result() for other in others] == [number * 10 for number in range(2, 10)]
    assert [len(batch) for batch in fetch.batches] == [1, 8]


def test_an_error_reaches_everyone_of_its_batch_and_the_next_read_is_fine():
    asked = []

    def fetch(questions):
        asked.append(questions)
        if len(asked) == 1:
            raise OSError("gone")
        return questions

    combined = Combining(fetch)
    with pytest.raises(OSError, match="gone"):
        combined.ask(1)
    assert combined.ask(2) == 2


def test_who_waits_too_long_leaves_the_queue(monkeypatch):
    monkeypatch.setattr(combining, "PATIENCE_SECONDS", 0.01)
    fetch = Held()
    combined = Combining(fetch)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(combined.ask, 1)
        fetch.began.wait(10)
        with pytest.raises(TimeoutError):
            combined.ask(2)
        fetch.go.set()
        assert first.result() == 10
        assert combined.ask(3) == 30
    assert fetch.batches == [[1], [3]]


def test_a_crowd_of_threads_gets_its_own_answers():
    combined = Combining(lambda questions: [question + 1 for question in questions])
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(combined.ask, range(2000))) == list(range(1, 2001))
    assert not combined._reading
    assert combined._waiting == []
