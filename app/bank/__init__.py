"""题库: banks, questions and their versions, question kinds, recognising and importing question files."""
