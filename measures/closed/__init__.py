"""The closed process in which an author's file is read; README.md says which walls
it has, and where.
"""
