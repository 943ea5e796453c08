"""Backups of a workspace: what cannot be computed again, in one file, and its way
back.
"""
