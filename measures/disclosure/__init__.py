"""Raw counts in, released counts out. Nothing else can make a released count
(measures/disclosure/README.md).
"""
