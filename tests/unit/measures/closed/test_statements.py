"""All mistakes of a file are found in one reading; what follows from one is not
told.
"""

import pickle

import pytest

from extractors.errors import CodelistError
from tests.lib.definitions import START, load, project, refusal, write

__all__ = ["project"]
HEAD = (
    "from ehrql import *\nfrom ehrql.tables.tpp import patients, clinical_events, "
    "medications\n"
)


def told(text: str, **settings) -> list[str]:
    """The lines and messages of all mistakes."""
    return [
        f"{each.line}: {each.message}"
        for each in refusal(HEAD + text, **settings).mistakes
    ]


def test_each_mistake_is_told(project):
    error = refusal(
        HEAD
        + (
            "a = patients.sexx\nb = patients.sex == 1\n"
            "c = clinical_events.snomedct_code.is_in(['1'])\nd = "
            "codelist_from_csv('none.csv', column='code')\n"
        )
    )
    assert [each.line for each in error.mistakes] == [3, 4, 5, 6]
    assert error.message.startswith(
        "4 mistakes in study.py\nstudy.py:3: table 'patients' has no column 'sexx'"
    )
    assert isinstance(error, CodelistError)


def test_one_mistake_is_told_alone(project):
    error = refusal(HEAD + "    \na = patients.sexx\n")
    assert error.message == (
        "study.py:4: table 'patients' has no column 'sexx'; did you mean 'sex'?\n"
        "    a = patients.sexx\n        ^^^^^^^^^^^^^"
    )


def test_every_unknown_name_of_an_import(project):
    found = told(
        "from ehrql.tables.tpp import (\n    clinical_event,\n    apcs,\n    "
        "deaths,\n)\nx = apcs.sort_by(1)\n"
    )
    assert [each.partition(";")[0] for each in found] == [
        "4: there is no 'clinical_event' in ehrql.tables.tpp",
        "6: there is no 'deaths' in ehrql.tables.tpp",
        "8: Cannot sort by a constant value",
    ]


FOLLOWERS = {
    "used": "y = x + 1",
    "used by what is made of it": "y = x.z\nz = patients.sex == y\n'a' + z",
    "in a list": "y = [x, 1]\npatients.sex.is_in(y)",
    "in a function": "def f():\n    return patients.sex == x\nf()",
    "as an argument": "def f(value):\n    return patients.sex == value\nf(x)",
    "as a condition": "when(x).then(1).otherwise(2)\ncase(when(x).then(1))",
    "as a class": "class A(x): pass\nA().b.c",
    "as a decorator": "@x\ndef f(): pass\nf() + 'a'",
    "in a loop": "for each in x:\n    patients.sex == each\nfor each in [x]:\n    "
    "patients.sex == each",
    "in a with": "with x as y:\n    y.z",
    "as a key": "{x: 1}[x]\n{'a': 1}[x]",
    "in a measure": "measures.define_measure('a', x, x)",
    "in a dataset": "dataset = create_dataset()\ndataset.a = x\ndataset.b = dataset.a + "
    "1\ndataset.add_column('c', x)",
    "as a population": "dataset = create_dataset()\ndataset.define_population(x)",
    "in a text": "codelist_from_csv(f'{x}.csv', column='code')",
    "as a path": "codelist_from_csv(x, column='code')\nopen(x)",
}


@pytest.mark.parametrize("how", FOLLOWERS)
def test_what_follows_is_not_told(project, how):
    assert (
        len(
            told(f"measures = create_measures()\nx = patients.sexx\n{FOLLOWERS[how]}\n")
        )
        == 1
    )


def test_defaults_that_are_refused_explain_all_measures(project):
    text = (
        "measures = create_measures()\n"
        "measures.define_defaults(denominator=patients.exists_for_patient(), "
        "interval=1)\n"
        "measures.define_measure('a', "
        "patients.exists_for_patient())\nmeasures.define_measure('b', patients.sex)\n"
    )
    assert len(told(text)) == 1


def test_attribute_that_is_refused(project):
    assert (
        len(
            told(
                "dataset = create_dataset()\ndataset.a = 5\nx = dataset.a + 1\ny = x "
                "+ 2\n"
            )
        )
        == 1
    )


def test_mistake_of_a_function_is_told_once(project):
    assert len(told("def f(x):\n    return x.sexx\nf(patients)\nf(patients)\n")) == 1


def test_independent_mistake_after_a_follower(project):
    assert len(told("x = patients.sexx\ny = x + 1\nz = medications.dmdcode\n")) == 2


def test_what_is_made_before_stays(project):
    write(
        "near.py",
        "from ehrql.tables.tpp import patients\nA = patients.sex\nB = patients.sexx\n",
    )
    found = told(
        "from near import A, B\nfrom near import A\nx = patients.date_of_birth + 1\n"
    )
    assert [each.partition(":")[0] for each in found] == ["3", "5"]


def test_mistake_in_another_file_has_its_place(project):
    write("near.py", "def f(x):\n    return (\n        x.sexx)\n")
    (mistake,) = refusal(HEAD + "from near import f\nf(patients)\n").mistakes
    assert (
        mistake.file,
        mistake.line,
        mistake.source[mistake.column - 1 : mistake.end - 1],
    ) == (
        "near.py",
        3,
        "x.sexx",
    )


@pytest.mark.parametrize(
    "end",
    ["raise SystemExit('enough')", "import sys\nsys.exit('enough')", "'a' * 10**12"],
)
def test_after_the_end_nothing_is_read(project, end):
    found = told(f"x = patients.sexx\n{end}\ny = patients.sexy\n")
    assert len(found) == 2 and ("enough" in found[1] or "memory" in found[1])


def test_mistakes_before_a_forbidden_line_are_told(project):
    found = told("x = patients.sexx\nopen('/etc/passwd')\ny = patients.sexy\n")
    assert [each.partition(":")[0] for each in found] == ["3", "4"]
    assert "reading /etc/passwd is not allowed" in found[1]


def test_mistakes_before_a_crash_are_told(project):
    found = told("x = patients.sexx\nwhile True:\n    pass\n", seconds=3)
    assert found[0].startswith("3:") and "took longer than 3 seconds" in found[1]


def test_mistakes_before_a_syntax_error_in_a_statement(project):
    found = told("x = patients.sexx\nreturn x\n")
    assert found[1] == "4: Python cannot read this line: 'return' outside function"


def test_doubts_are_told_beside_mistakes(project):
    error = refusal(HEAD + "x = patients.sex == 'F'\ny = patients.sexx\n")
    (doubt,) = error.warnings
    assert (doubt.line, doubt.source) == (3, "x = patients.sex == 'F'")
    assert "patients.sex is compared with 'F', which it never is" in doubt.message


def test_caret_counts_characters(project):
    (mistake,) = refusal(HEAD + "a, b = 'äöü€', patients.sexx\n").mistakes
    assert str(mistake).splitlines()[1:] == [
        "    a, b = 'äöü€', patients.sexx",
        "                   ^^^^^^^^^^^^^",
    ]


def test_file_of_one_statement_after_the_other_means_what_it_did(project):
    text = (
        '"""What it is for."""\nfrom __future__ import annotations\n'
        + START
        + (
            "def f(x: nothing) -> nothing_either: return __doc__\nassert f(1) == "
            "'What it is for.'\n"
            "total = 0\nfor n in range(3):\n    total += n\nassert total == 3 and "
            "__name__ == '__definition__'\n"
            "class A:\n    made = [each for each in range(total)]\nassert A.made == "
            "[0, 1, 2]\ndel n\n"
        )
    )
    assert load(text).measures


def test_mistakes_survive_a_pickle(project):
    error = refusal(
        HEAD + "a = patients.sexx\nb = patients.sexx\nc = patients.sex == 'F'\n"
    )
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.mistakes, again.warnings) == (
        error.message,
        error.mistakes,
        error.warnings,
    )


def test_groups_that_would_name_people_are_told_with_their_lines(project):
    found = told(
        "measures = create_measures()\n"
        "measures.define_defaults(numerator=patients.exists_for_patient(), "
        "denominator=patients.exists_for_patient(),\n"
        "    intervals=months(2).starting_on('2020-01-01'))\n"
        "measures.define_measure('a', group_by={'born': patients.date_of_birth})\n"
        "measures.define_measure('b', group_by={'year': "
        "patients.date_of_birth.year})\n"
        "measures.define_measure('c', group_by={'days': (patients.date_of_birth - "
        "'1900-01-01').days})\n"
    )
    assert len(found) == 2
    assert found[0].startswith("6: The group 'born' of a is a date")
    assert found[1].startswith(
        "8: The group 'days' of c is a whole number that the definition computes"
    )
