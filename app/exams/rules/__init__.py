"""Decisions and arithmetic of exams: pure functions of plain values, no database, no clock, no Flask."""
