"""A study's `project.yaml`: its actions, which of them are run here, and in which
order.
"""
