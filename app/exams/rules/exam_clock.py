"""The exam clock: when an attempt falls due, and what is allowed when. Windows are half open (R3); all times are aware."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)


def due_time(started_at, minutes, closes_at, extra_minutes=0):
    """Return when an attempt falls due: after its own time, or when the sitting closes; extra time moves both (R2)."""
    return min(started_at + minutes * MINUTE, closes_at) + extra_minutes * MINUTE


def accepts_start(now, opens_at, latest_entry_at, closes_at):
    """True while an attempt may be started: `opens_at <= now < latest_entry_at`, and the sitting still has time."""
    return opens_at <= now < min(latest_entry_at, closes_at)


def accepts_work(now, due_at):
    """True while the person may work: `now < due_at`."""
    return now < due_at


def counts(arrived_at, due_at, grace):
    """True when an answer arrived in time: before the due time, plus `grace` for its way here (R4, R5)."""
    return arrived_at < due_at + grace


def is_evidence(arrived_at, due_at, grace, late):
    """True when an answer came too late to count, but early enough to be kept as evidence (R6)."""
    return due_at + grace <= arrived_at < due_at + late


def is_over(now, due_at, grace):
    """True when every reader treats the attempt as handed in, whether or not the job has come by (R8)."""
    return not counts(now, due_at, grace)


def hand_in_from(started_at, due_at, earliest_minutes):
    """Return from when a person may hand in. Never after the due time: a forced hand-in passes every rule (R3)."""
    return min(started_at + earliest_minutes * MINUTE, due_at)


def minutes_if_started(now, minutes, closes_at, extra_minutes=0):
    """Return (whole minutes to work, due time) of somebody who starts now; a late starter is told both (R2)."""
    due = due_time(now, minutes, closes_at, extra_minutes)
    return max(0, (due - now) // MINUTE), due


def ms_left(now, due_at):
    """Return the milliseconds left, rounded down and never negative: a browser is never told a later end than the stored one."""
    return max(0, (due_at - now) // timedelta(milliseconds=1))
