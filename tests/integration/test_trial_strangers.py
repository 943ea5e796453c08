"""Definitions in the manner of OpenSAFELY's studies find people on trial records of
5,000.

Those of `held_back` were written together with the others, but measured only once what
makes the records was done.
"""

from pathlib import Path

import pytest

from tests.lib.stranger_counts import counts_on_trial, definitions, is_shown

FOLDER = Path(__file__).parent / "trial_strangers"
PATIENTS = 5_000
ENOUGH = 0.9


@pytest.mark.slow
@pytest.mark.parametrize("group", ["definitions", "held_back"])
def test_nine_measures_in_ten_have_people_above_and_below_the_line(group, tmp_path):
    shown = {}
    for study in definitions(FOLDER / group):
        for name, counts in counts_on_trial(
            study, tmp_path / study.stem, PATIENTS
        ).items():
            shown[study.stem, name] = is_shown(counts)
    missing = [name for name, is_there in shown.items() if not is_there]
    assert len(shown) > 40 and len(missing) <= (1 - ENOUGH) * len(shown), missing
