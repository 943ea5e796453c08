"""A folder that goes on the path of an editor and of Python, so that `import ehrql`
finds our package of that name.
"""
