"""A study's data report: what its variables look like, and how often its codes are
found, in counts.
"""
