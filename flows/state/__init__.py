"""What became of each period, of the last run and of the release."""
