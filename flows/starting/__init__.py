"""The first folder of a new study: a definition that runs, and what belongs beside
it.
"""
