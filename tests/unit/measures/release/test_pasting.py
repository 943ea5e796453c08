"""Tables to paste: the right rows, the shorthand, and names that stay text."""

import pytest

from extractors.errors import ArgumentsError
from measures.release.pasting import as_html, as_latex, as_markdown, pasted
from measures.release.wanted import read_released, wanted
from tests.lib.hostile_release import NAMES, hostile_release


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return read_released(hostile_release(tmp_path_factory.mktemp("release") / "folder"))


def test_a_total_goes_over_time(released):
    table = pasted(released, "bp")
    assert table.heads == ("from", "to", "numerator", "denominator", "rate per 1,000", "certain range", "95 % interval")
    assert table.rows[0] == ("2020-01-06", "2020-01-12", "250", "1,000", "250", "247 – 253", "221 – 281")
    assert len(table.rows) == 2 and table.caption == "bp of a_study"
    assert table.notes[0].startswith("Made-up records")


def test_groups_are_those_of_the_last_interval_or_of_another(released):
    last = {row[0]: row[1:] for row in pasted(released, "bp_by_place").rows}
    assert last["missing"] == ("[c]", "200", "[c]", "[c]", "[c]")
    first = {row[0]: row[1:] for row in pasted(released, "bp_by_place", "2020-01-06").rows}
    assert first["missing"][0] == "50" and set(first) == {name or "missing" for name in NAMES}
    with pytest.raises(ArgumentsError, match="begins on 2020-01-07; they do from 2020-01-06 to 2020-01-13"):
        pasted(released, "bp_by_place", "2020-01-07")


def test_a_mean_is_no_rate_and_has_no_interval(released):
    table = pasted(released, "weight")
    assert table.heads[4] == "mean"
    assert table.rows[0][4] == "70" and table.rows[0][6] == "[z]"


def test_a_measure_is_found_by_what_it_counts(released):
    assert wanted(released, "bp", ["place"]) == "bp_by_place"
    assert wanted(released, "bp", []) == "bp"
    with pytest.raises(ArgumentsError, match="'weight' is not released by place; it is by no groups"):
        wanted(released, "weight", ["place"])
    with pytest.raises(ArgumentsError, match="has no measure 'pb'; it has bp, bp_by_place, weight"):
        wanted(released, "pb", [])


def test_names_are_text_in_html(released):
    text = as_html(pasted(released, "bp_by_place"))
    assert "<script" not in text and "&lt;script&gt;x()&lt;/script&gt;" in text
    assert text.count("<tr>") == text.count("</tr>") == 1 + len(NAMES)
    assert text.count('scope="col"') == 6 and "<caption>bp_by_place of a_study, 2020-01-13" in text


def test_names_are_text_in_markdown(released):
    text = as_markdown(pasted(released, "bp_by_place"))
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in lines} == {7}
    assert r"\\input{x} & 50 % \_\|\_" in text and r"\</table\>" in text


def test_names_are_text_in_latex(released):
    text = as_latex(pasted(released, "bp_by_place"))
    assert r"{\textbackslash{}input\{x\} \& 50 \% \_|\_}" in text
    assert {line.count(" & ") for line in text.splitlines() if line.endswith(r"\\")} == {5}


def test_a_folder_without_a_release(tmp_path):
    with pytest.raises(ArgumentsError, match="holds no release"):
        read_released(tmp_path)
