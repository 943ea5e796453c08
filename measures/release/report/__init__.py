"""The page of a release, `report.html`, and its charts: made of the released bundle and
of nothing else.
"""
