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
    "extractors/language/base.py": {"words": 2},
    "extractors/language/cases.py": {"words": 1},
    "extractors/language/codelists.py": {"words": 2},
    "extractors/language/files.py": {"words": 1},
    "extractors/language/frames.py": {"two fors": 1},
    "extractors/language/inline_tests.py": {"words": 5},
    "extractors/time/chains.py": {"two fors": 4, "nested": 1, "words": 4},
    "extractors/time/prints.py": {"words": 2},
    "extractors/time/since.py": {"words": 18},
    "extractors/time/stretches.py": {"two fors": 1},
    "extractors/time/timelines.py": {"words": 2},
    "extractors/time/tracks.py": {"two fors": 5, "words": 2},
    "extractors/time/whole_cohort.py": {"two fors": 1, "words": 1},
    "extractors/trial/definition.py": {"two fors": 2},
    "extractors/trial/events/codelists.py": {"two fors": 5},
    "extractors/trial/events/known.py": {"words": 4},
    "extractors/trial/events/measuring.py": {"two fors": 1},
    "extractors/trial/events/table.py": {"two fors": 2, "words": 1},
    "extractors/trial/generic.py": {"two fors": 2},
    "extractors/trial/guesses.py": {"two fors": 1},
    "extractors/trial/mark.py": {"words": 3},
    "extractors/trial/patterns.py": {"nested": 1},
    "extractors/trial/people/clinic.py": {"two fors": 1},
    "extractors/trial/people/draw.py": {"words": 1},
    "extractors/trial/people/quantities.py": {"two fors": 1},
    "extractors/trial/people/smoking.py": {"two fors": 1},
    "extractors/trial/people/spells.py": {"words": 1},
    "extractors/trial/people/vaccinations.py": {"two fors": 1},
    "extractors/trial/targets.py": {"two fors": 1},
    "extractors/trial/thresholds.py": {"two fors": 3},
    "extractors/trial/wishes.py": {"two fors": 2},
    "extractors/trial/witnesses/cells.py": {"words": 4},
    "extractors/trial/witnesses/holding.py": {"nested": 1},
    "extractors/trial/witnesses/words.py": {"two fors": 1},
    "measures/closed/child.py": {"words": 3},
    "measures/cohortextractor/stand_ins.py": {"words": 2},
    "measures/disclosure/audit/rules.py": {"words": 1},
    "measures/disclosure/bound.py": {"words": 1},
    "measures/disclosure/memory/ledger.py": {"two fors": 1, "words": 1},
    "measures/disclosure/steps.py": {"words": 2},
    "measures/release/report/asking.py": {"words": 1},
    "measures/release/report/saying.py": {"nested": 2},
    "measures/sites/bundles.py": {"words": 1},
    "measures/sites/grid.py": {"words": 1},
    "measures/sites/keys.py": {"words": 2},
    "measures/sites/masking.py": {"words": 23},
    "flows/command/of_sites.py": {"words": 3},
    "flows/command/planning.py": {"two fors": 1},
    "flows/keeping/restoring.py": {"words": 8},
    "flows/preparing/recipe.py": {"words": 1},
    "flows/running/unchanged.py": {"words": 7},
    "flows/running/work.py": {"words": 2},
    "flows/serving/alerts.py": {"words": 1},
    "flows/serving/grid/html.py": {"words": 7},
    "flows/serving/grid/metrics.py": {"two fors": 1, "words": 1},
    "flows/serving/grid/pages.py": {"words": 2},
    "flows/serving/keeper.py": {"words": 1},
    "flows/serving/messages.py": {"words": 4},
    "flows/serving/orphans.py": {"words": 1},
    "flows/serving/parts.py": {"words": 2},
    "flows/serving/postgres.py": {"two fors": 1},
    "flows/serving/register.py": {"words": 2},
    "flows/serving/retention.py": {"words": 3},
    "flows/serving/supervisor.py": {"words": 1},
    "flows/serving/surroundings.py": {"two fors": 1, "words": 1},
    "flows/serving/web.py": {"words": 1},
}
