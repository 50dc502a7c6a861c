"""Reads behind the home pages; each answers in a fixed number of queries, whatever the number of units and people."""
