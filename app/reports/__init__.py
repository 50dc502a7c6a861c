"""Results by unit, exports, and the home pages that show several parts."""
