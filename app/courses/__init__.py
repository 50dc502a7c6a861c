"""Courses, lessons to read, and each person's progress."""
