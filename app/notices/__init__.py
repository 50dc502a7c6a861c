"""通报: numbered documents to units, their deliveries, receipts and replies. Knows nothing of exams."""
