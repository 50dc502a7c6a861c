"""Bringing in question files: reading uploads in a process of their own, cards of what was recognised, fixes, what can be stored."""
