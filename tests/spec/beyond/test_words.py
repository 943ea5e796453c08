"""Beginnings of texts and codes, and words in them"""

from tests.lib.tables import e, p

TEXTS = {
    p: """
          | s1      | i1 | k1   | m1
        --+---------+----+------+------------------
        1 | abcd    | 3  | J450 | //J450 ,A00
        2 | ab      | -2 | A00  | J450 ,A00
        3 |  x-A00y | 0  | E11  | //E110
        4 |         |    |      |
    """
}


def test_first_characters(spec):
    """A text of its first characters; a shorter one stays as it is"""
    spec(TEXTS, p.s1.first_characters(3), {1: "abc", 2: "ab", 3: "x-A", 4: None})


def test_as_many_characters_as_a_series_says(spec):
    """Fewer than no characters are none"""
    spec(TEXTS, p.s1.first_characters(p.i1), {1: "abc", 2: "", 3: "", 4: None})


def test_first_characters_of_a_code(spec):
    """The beginning of a code is a text, so it is compared with any text"""
    found = p.k1.first_characters(2).is_in(["J4", "E1"])
    spec(TEXTS, found, {1: True, 2: False, 3: True, 4: None})


def test_as_text(spec):
    """Whole numbers and codes as texts"""
    expected = {
        1: {"number": "3", "code": "J450"},
        2: {"number": "-2", "code": "A00"},
        3: {"number": "0", "code": "E11"},
        4: {"number": None, "code": None},
    }
    spec(TEXTS, {"number": p.i1.as_text(), "code": p.k1.as_text()}, expected)


def test_word_begins(spec):
    """A code of a list begins with one of some words; the first one is none where
    nothing stands before it
    """
    spec(TEXTS, p.m1.word_begins("J4 E119"), {1: True, 2: False, 3: False, 4: None})


def test_word_begins_behind_any_sign(spec):
    """Whatever is neither letter nor digit ends a word"""
    spec(TEXTS, p.s1.word_begins("A00"), {1: False, 2: False, 3: True, 4: None})


def test_word_begins_minds_capital_letters(spec):
    """Capital letters are others than small ones"""
    spec(TEXTS, p.s1.word_begins("a00"), {1: False, 2: False, 3: False, 4: None})


def test_no_word_begins(spec):
    """Without a word nothing is found"""
    spec(TEXTS, p.m1.word_begins(" ,"), {1: False, 2: False, 3: False, 4: None})


def test_words_of_rows(spec):
    """Rows are filtered by the words in them"""
    rows = {
        e: """
              | m1
            --+-------------
            1 | //A00 ,J450
            1 | //J450
            2 | //B01
        """
    }
    spec(rows, e.where(e.m1.word_begins("J45")).count_for_patient(), {1: 2, 2: 0})
