"""Sittings, candidates, attempts, responses, marks, results."""
