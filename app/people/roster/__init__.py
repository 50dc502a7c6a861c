"""Rosters: a spreadsheet of units and people is read, understood row by row, planned against what is stored, and applied.

`read` and `plan` are pure; `snapshot` reads the database in a few queries; `apply` writes in bulk, inside one unit of work.
"""
