"""Reads of this part, named for the page they feed; every one of them narrowed to the person's scope where people ask."""
