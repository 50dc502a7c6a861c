"""The save path (design/hotpath.md, d): request threads queue what they received, one writer per process commits all of it at once.

`body` reads a request, `verdict` says what becomes of it, `writer` queues and wakes, `sqlite` and `postgres` hold the statements.
Nothing here uses Flask, a session or the ORM: a save depends on its token and the attempt's row alone (R15).
"""
