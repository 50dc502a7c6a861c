"""Shape and syntax of what people type here."""
