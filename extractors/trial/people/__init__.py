"""Made-up people, their practices and their conditions."""
