"""The closed process in which an author's file is read; README.md says which walls
there are, and where.
"""
