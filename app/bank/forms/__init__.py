"""Forms of banks, of one question, of an import."""
