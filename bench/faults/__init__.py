"""Fault trials: something is killed while answers are saved; what was acknowledged must be there afterwards (R12, R20)."""
