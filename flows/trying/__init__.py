"""A definition on made-up people, at once: true counts and doubts, without a server and
a workspace.
"""
