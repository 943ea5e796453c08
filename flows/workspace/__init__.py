"""The shelves on disk: where results lie, the settings of this machine, what an error
may say.
"""
