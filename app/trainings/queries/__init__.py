"""Reads of trainings, named for the pages they feed."""
