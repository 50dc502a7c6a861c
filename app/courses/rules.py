"""Arithmetic of learning progress."""


def share(done, lessons):
    """Return the finished share of a course in whole per cent, rounded down, so that 100 means all; 0 without lessons."""
    return done * 100 // lessons if lessons else 0
