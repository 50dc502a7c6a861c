"""Reads of the exams part, named for the page or report they feed."""
