"""The group-commit writer: acknowledged after the commit, honest about errors, back by itself, whole after a fork."""

import os
import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.exams.rules.verdicts import Verdict
from app.exams.saves.body import Change
from app.exams.saves.requests import AttemptRow, BadRequest, SaveRequest, WriteFailed
from app.exams.saves.writer import Writer

NOW = datetime(2026, 4, 10, 2, 40, tzinfo=UTC)
TIMES = {"grace": timedelta(seconds=30), "late": timedelta(minutes=30), "receipt": lambda attempt_id, at: "7K2M94QX"}


class MemoryStore:
    """A store that keeps in a dict what was committed, and does what `trouble` says at COMMIT."""

    def __init__(self, disk):
        self.disk = disk
        self.open = True
        disk.stores.append(self)

    @contextmanager
    def transaction(self, writes):
        self.pending = {}
        yield
        self.disk.commits.append(len(self.pending))
        if self.disk.before_commit:
            self.disk.before_commit(self)
        self.disk.answers |= self.pending

    def attempts(self, writing, asking):
        row = {
            "sitting_id": 1,
            "state": "in_progress",
            "generation": 1,
            "started_at": NOW,
            "due_at": NOW + timedelta(hours=1),
            "closed_by": None,
        }
        return {
            number: AttemptRow(number, **row, sitting_state="published", earliest_minutes=0) for number in {*writing, *asking}
        }

    def sequences(self, attempt_id):
        return {}

    def incidents(self, attempt_id):
        return []

    def write(self, batch):
        if any(number == self.disk.poison for number, _ in batch.answers):
            raise BadRequest from ValueError("not storable")
        self.pending = dict(batch.answers)

    def close(self):
        self.open = False


class Disk:
    def __init__(self):
        self.answers, self.commits, self.stores = {}, [], []
        self.before_commit = self.poison = None


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def writer(disk):
    made = Writer(lambda: MemoryStore(disk), **TIMES)
    yield made
    made.stop()


def named(seq, attempt_id=1):
    """Return a request with one answer."""
    return SaveRequest(attempt_id, 1, NOW, [Change(1, seq, '["A"]', False, 0)], [])


def save_at_once(writer, requests):
    """Save from one thread each; return outcomes or errors in order."""
    results = [None] * len(requests)

    def save(place):
        try:
            results[place] = writer.save(requests[place])
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=save, args=(place,)) for place in range(len(requests))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return results


def test_nobody_hears_saved_before_the_commit_is_done(writer, disk):  # R12
    seen = []
    disk.before_commit = lambda store: seen.append([waiting.outcome for waiting in requests])
    requests = [named(1)]
    assert writer.save(requests[0]).verdict is Verdict.SAVED
    assert seen == [[None]]


def test_requests_that_wait_are_stored_in_one_transaction(writer, disk):
    entered, go_on = threading.Event(), threading.Event()

    def hold(store):
        entered.set()
        go_on.wait(5)
        disk.before_commit = None

    disk.before_commit = hold
    first = threading.Thread(target=writer.save, args=(named(1),))
    first.start()
    entered.wait(5)
    others = threading.Thread(target=save_at_once, args=(writer, [named(1, attempt_id=number) for number in range(2, 12)]))
    others.start()
    while writer._queue.qsize() < 10:
        pass
    go_on.set()
    first.join()
    others.join()
    assert disk.commits == [1, 10]


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("disk I/O error"), sqlite3.OperationalError("database or disk is full"), OSError(28, "")]
)
def test_a_disk_error_reaches_every_waiter_and_service_resumes_on_a_new_connection(writer, disk, error):  # R16
    def fail(store):
        raise error

    disk.before_commit = fail
    results = save_at_once(writer, [named(1, attempt_id=number) for number in range(1, 6)])
    assert all(isinstance(result, WriteFailed) for result in results)
    assert disk.answers == {}
    disk.before_commit = None
    assert writer.save(named(2)).verdict is Verdict.SAVED
    assert [store.open for store in disk.stores][-1] is True
    assert not any(store.open for store in disk.stores[:-1])


def test_a_connection_that_cannot_be_opened_fails_only_until_it_can(disk):  # R16
    answers = iter([sqlite3.OperationalError("unable to open"), None])

    def open_store():
        error = next(answers)
        if error:
            raise error
        return MemoryStore(disk)

    writer = Writer(open_store, **TIMES)
    with pytest.raises(WriteFailed):
        writer.save(named(1))
    assert writer.save(named(1)).verdict is Verdict.SAVED
    writer.stop()


def test_one_request_that_cannot_be_stored_does_not_hurt_the_others(writer, disk):
    disk.poison = 3
    results = save_at_once(writer, [named(1, attempt_id=number) for number in range(1, 6)])
    assert isinstance(results[2], BadRequest)
    assert [result.verdict for place, result in enumerate(results) if place != 2] == [Verdict.SAVED] * 4


def test_a_stopped_writer_stores_what_waits_and_starts_again_when_needed(writer, disk):
    writer.save(named(1))
    writer.stop()
    assert not disk.stores[0].open
    assert writer.save(named(2)).verdict is Verdict.SAVED
    assert len(disk.stores) == 2


def test_a_forked_process_gets_a_writer_of_its_own(writer, disk):
    writer.save(named(1))
    child = os.fork()
    if child == 0:  # the child has none of the parent's threads: without a fresh start this would wait for ever
        try:
            writer.save(named(2))
            os._exit(0 if len(disk.stores) == 2 else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(disk.stores) == 1
