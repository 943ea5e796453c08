"""Counts rounded so that all tables agree: one programme, and its solver."""
