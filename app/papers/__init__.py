"""Papers: titled sections, fixed or drawn, checked and frozen."""
