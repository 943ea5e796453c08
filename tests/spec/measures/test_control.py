"""Disclosure control"""

from extractors.language.reading import reading
from measures.definitions import create_measures


def test_control():
    """What a definition says of disclosure control changes nothing: the site's policy decides"""
    with reading() as asked:
        create_measures().configure_disclosure_control(enabled=False)
    assert "the site's policy decides on disclosure control" in asked.notes[0].message
