"""Prefect's settings, and the temporary server of a run that has no other."""
