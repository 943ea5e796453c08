"""Disclosure control"""

from measures.definitions import create_measures


def test_control(noted):
    """What a definition says of disclosure control changes nothing: the site's policy
    decides
    """
    measures = create_measures()
    measures.configure_disclosure_control(enabled=False)
    noted("the site's policy decides on disclosure control")
