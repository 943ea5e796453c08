"""Which releases may be added: of one definition, in one form, each once; all that
differs is named.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import ArgumentsError, CohortflowError
from measures.sites.bundles import SiteRelease, differences, read_site, refuse_different
from tests.lib.site_releases import drawn, release_site


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sites")
    release_site(place / "a", drawn(300, 1))
    release_site(place / "b", drawn(400, 2))
    return place


def other(folder: Path, **wanted: Any) -> SiteRelease:
    """Another site's release, with these entries of its manifest or these people."""
    counts = wanted.pop("counts", None) or drawn(200, 3)
    policy = wanted.pop("policy", "controlled")
    return read_site("b", release_site(folder / "other", counts, policy, **wanted))


def test_releases_of_one_definition_may_be_added(folders):
    sites = [read_site(name, folders / name) for name in "ab"]
    assert differences(*sites) == []
    refuse_different(sites)


@pytest.mark.parametrize("wanted, words", [
    ({"definition": "2" * 64}, "Definition: 0000000000000000000000000000000000000000… at a, 2222"),
    ({"study": "another"}, "Study: drawn at a, another at b."),
    ({"codelists": {"codes.csv": "2" * 64, "more.csv": "3"}}, "Codelists of a and b differ: codes.csv, more.csv."),
    ({"concept_sets": {"x": "1"}}, "Concept sets: none at a, "),
    ({"records": {"kind": "trial"}}, "The records of b are made up, and the others' are not."),
    ({"policy": "opensafely"}, "Policy: controlled at a, opensafely at b."),
    ({"counts": drawn(300, 4, nested=2)}, "a lacks the measures n1, n1_age, n1_sex."),
    ({"counts": drawn(300, 4, groupings=((), ("sex",)))}, "b lacks the columns of the groups age."),
    ({"counts": drawn(300, 4, weeks=1)}, "b lacks the periods 2019-04-08."),
])  # fmt: skip
def test_what_differs_is_named(folders, tmp_path, wanted, words):
    with pytest.raises(ArgumentsError, match="cannot be added") as refused:
        refuse_different([read_site("a", folders / "a"), other(tmp_path, **wanted)])
    assert words in str(refused.value)


def test_all_that_differs_is_named_at_once(folders, tmp_path):
    its = other(tmp_path, definition="2" * 64, counts=drawn(300, 4, weeks=1))
    assert len(differences(read_site("a", folders / "a"), its)) == 2


def test_the_same_people_are_not_added_twice(folders):
    with pytest.raises(ArgumentsError, match="a and b are the same release"):
        refuse_different([read_site("a", folders / "a"), read_site("b", folders / "a")])


@pytest.mark.parametrize(
    "names, words", [("a", "two sites at least"), ("aa", "Two sites have one name")]
)
def test_there_are_several_sites_of_different_names(folders, names, words):
    with pytest.raises(ArgumentsError, match=words):
        refuse_different([read_site(name, folders / "a") for name in names])


def test_what_is_no_release_of_a_site_is_refused(tmp_path):
    with pytest.raises(ArgumentsError, match="holds no release"):
        read_site("a", tmp_path)
    folder = release_site(tmp_path / "a", drawn(100, 1), sites={})
    with pytest.raises(ArgumentsError, match="made of several sites already"):
        read_site("a", folder)


def changed(folder: Path, **told: object) -> Path:
    path = folder / "manifest.json"
    path.write_text(
        json.dumps({**json.loads(path.read_text(encoding="utf-8")), **told}),
        encoding="utf-8",
    )
    return folder


def test_numbers_that_were_changed_are_refused(tmp_path):
    folder = changed(
        release_site(tmp_path / "a", drawn(100, 1)), files={"measures.parquet": "0"}
    )
    with pytest.raises(ArgumentsError, match="not as it was released"):
        read_site("a", folder)


def test_formats_are_named(tmp_path):
    folder = release_site(tmp_path / "a", drawn(100, 1))
    with pytest.raises(ArgumentsError, match="of an older version"):
        read_site("a", changed(folder, measures={}))
    with pytest.raises(
        CohortflowError,
        match="has the format 9, and this cohortflow reads the format 3",
    ):
        read_site("a", changed(folder, format=9))
