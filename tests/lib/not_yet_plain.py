"""Habits that are still in the code, by file, and how light all lines together are.

None may be added here and no number may grow; a file that is mended leaves the list.
`python -m tests.test_prose FILE` says where a file has them.
"""

# of all rooms, as `tests/benchmarks/prose.py` measures: tokens a line at most, comments
# in 1,000 lines at least, comprehensions in 1,000 lines at most
TOKENS = 7.58
COMMENTS = 38.5
COMPREHENSIONS = 42.5

# "two fors": comprehensions with two `for`; "nested": conditional expressions in
# another; "words": those of `tests/lib/plain.py` in comments, docstrings, messages and
# names
NOT_YET_PLAIN = {
    "flows/preparing/recipe.py": {"words": 1},
    "flows/serving/alerts.py": {"words": 1},
}

# fields of dataclasses without a line of explanation
UNEXPLAINED: dict[str, int] = {
    "extractors/language/cases.py": 2,
    "extractors/language/differences.py": 1,
    "extractors/language/durations.py": 1,
    "measures/amounts.py": 1,
}
