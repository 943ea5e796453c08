"""Made-up rows of the event tables."""
