"""Mapping values to others"""

from tests.lib.tables import p

STRINGS = {
    p: """
          | s1 | i1
        --+----+----
        1 | a  | 1
        2 | b  | 2
        3 | c  | 3
        4 |    |
    """
}


def test_default(spec):
    """`map_values()` replaces values; what is not in the mapping becomes NULL"""
    spec(
        STRINGS,
        p.s1.map_values({"a": "x", "b": "y"}),
        {1: "x", 2: "y", 3: None, 4: None},
    )


def test_given_default(spec):
    """With a default, what is not in the mapping becomes the default, and so does
    NULL
    """
    spec(
        STRINGS,
        p.s1.map_values({"a": "x", "b": "y"}, default="z"),
        {1: "x", 2: "y", 3: "z", 4: "z"},
    )


def test_to_null(spec):
    """A value mapped to None becomes NULL, not the default"""
    spec(
        STRINGS,
        p.s1.map_values({"a": "x", "b": None}, default="z"),
        {1: "x", 2: None, 3: "z", 4: "z"},
    )


def test_to_another_type(spec):
    """The values may have another type"""
    spec(
        STRINGS,
        p.i1.map_values({1: True, 2: False, 3: True}),
        {1: True, 2: False, 3: True, 4: None},
    )


def test_several_to_one(spec):
    """Several values may become the same"""
    spec(
        STRINGS,
        p.s1.map_values({"a": 1, "c": 1, "b": 2}, default=0),
        {1: 1, 2: 2, 3: 1, 4: 0},
    )
