"""A training with its agenda, roster, courses, sittings and notices."""
