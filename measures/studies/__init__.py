"""The studies we ship: each a folder with its definition, its codelists and a
README.
"""
