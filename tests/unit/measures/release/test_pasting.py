"""Tables to paste: the right rows, the shorthand, and names that stay text."""

from dataclasses import replace

import pytest

from extractors.errors import ArgumentsError
from measures.release.pasting import as_html, as_latex, as_markdown, pasted
from measures.release.wanted import read_released, wanted
from measures.release.words import GroupWords, MeasureWords, StudyWords
from tests.lib.hostile_release import NAMES, hostile_release


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return read_released(hostile_release(tmp_path_factory.mktemp("release") / "folder"))


def test_a_total_goes_over_time(released):
    table = pasted(released, "bp")
    assert table.heads == (
        "from",
        "to",
        "numerator",
        "denominator",
        "rate per 1,000",
        "certain range",
        "95 % interval",
    )
    assert table.rows[0] == (
        "2020-01-06",
        "2020-01-12",
        "250",
        "1,000",
        "250",
        "247 – 253",
        "221 – 281",
    )
    assert len(table.rows) == 2 and table.caption == "bp of a_study"
    assert table.notes[0].startswith("Made-up records")


def test_groups_are_those_of_the_last_interval_or_of_another(released):
    last = {row[0]: row[1:] for row in pasted(released, "bp_by_place").rows}
    assert last["missing"] == ("[c]", "200", "[c]", "[c]", "[c]")
    first = {
        row[0]: row[1:] for row in pasted(released, "bp_by_place", "2020-01-06").rows
    }
    assert first["missing"][0] == "50" and set(first) == {
        name or "missing" for name in NAMES
    }
    with pytest.raises(
        ArgumentsError,
        match="begins on 2020-01-07; they do from 2020-01-06 to 2020-01-13",
    ):
        pasted(released, "bp_by_place", "2020-01-07")


def test_a_mean_is_no_rate_and_has_no_interval(released):
    table = pasted(released, "weight")
    assert table.heads[4] == "mean"
    assert table.rows[0][4] == "70" and table.rows[0][6] == "[z]"


def test_a_measure_is_found_by_what_it_counts(released):
    assert wanted(released, "bp", ["place"]) == "bp_by_place"
    assert wanted(released, "bp", []) == "bp"
    with pytest.raises(
        ArgumentsError, match="'weight' is not released by place; it is by no groups"
    ):
        wanted(released, "weight", ["place"])
    with pytest.raises(
        ArgumentsError, match="has no measure 'pb'; it has bp, bp_by_place, weight"
    ):
        wanted(released, "pb", [])


def described(released, **groups):
    """The same release, of which its author says something."""
    words = StudyWords(
        title="A long study",
        measures={
            "bp": MeasureWords(title="Blood pressure", per=100, unit="in a hundred")
        },
        groups={"place": GroupWords(title="place of birth", labels=groups)},
    )
    return replace(
        released, words=words, families={"bp": 0, "bp_by_place": 0, "weight": 1}
    )


def test_the_authors_words_are_those_of_the_table(released):
    """What is said of the total holds for its groups; numbers are in the author's
    unit.
    """
    table = pasted(
        described(released, **{"$$counts$$": "money"}), "bp_by_place", "2020-01-06"
    )
    assert table.heads[0] == "place of birth" and table.heads[3] == "in a hundred"
    assert (
        table.caption
        == "Blood pressure, by place of birth of A long study, 2020-01-06 to 2020-01-12"
    )
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["money"][:3] == ("50", "200", "25")
    assert set(rows) == {
        "missing",
        "money",
        *(name for name in NAMES if name and name != "$$counts$$"),
    }
    total = pasted(described(released), "bp")
    assert total.rows[0][2:6] == ("250", "1,000", "25", "24.7 – 25.3")
    assert pasted(described(released), "weight").heads[4] == "mean"


@pytest.mark.parametrize("per, unit, words, rate", [
    (100_000, "", "rate per 100,000", "25,000"),
    (100, "", "per cent", "25"),
    (1, "", "ratio", "0.25"),
    (0, "in a thousand", "in a thousand", "250"),
])  # fmt: skip
def test_units_are_those_of_the_page(released, per, unit, words, rate):
    said = StudyWords(measures={"bp": MeasureWords(per=per, unit=unit)})
    table = pasted(replace(released, words=said), "bp")
    assert (table.heads[4].removeprefix("rate "), table.rows[0][4]) == (
        words.removeprefix("rate "),
        rate,
    )


def test_names_are_text_in_html(released):
    text = as_html(pasted(released, "bp_by_place"))
    assert "<script" not in text and "&lt;script&gt;x()&lt;/script&gt;" in text
    assert text.count("<tr>") == text.count("</tr>") == 1 + len(NAMES)
    assert (
        text.count('scope="col"') == 6
        and "<caption>bp_by_place of a_study, 2020-01-13" in text
    )


def test_names_are_text_in_markdown(released):
    text = as_markdown(pasted(released, "bp_by_place"))
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in lines} == {7}
    assert r"\\input{x} & 50 % \_\|\_" in text and r"\</table\>" in text


def test_names_are_text_in_latex(released):
    text = as_latex(pasted(released, "bp_by_place"))
    assert r"{\textbackslash{}input\{x\} \& 50 \% \_|\_}" in text
    assert {
        line.count(" & ") for line in text.splitlines() if line.endswith(r"\\")
    } == {5}


def test_a_folder_without_a_release(tmp_path):
    with pytest.raises(ArgumentsError, match="holds no release"):
        read_released(tmp_path)
