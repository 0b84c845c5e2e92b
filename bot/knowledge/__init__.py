"""Policy answers: topics, their versions and validity, retrieval."""
