"""What a site may say about policies: stricter numbers, never looser ones."""

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.site import read_site


def site(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return read_site(path)


def test_a_site_can_be_stricter(tmp_path):
    found = site(
        tmp_path,
        'default = "opensafely"\nallowed = ["opensafely", '
        '"controlled"]\n[controlled]\nbase = 15\n',
    )
    assert (
        found.chosen("").name == "opensafely" and found.chosen("controlled").base == 15
    )
    assert (
        found.chosen("controlled").threshold == 7
        and found.chosen("controlled").least_denominator == 150
    )
    with pytest.raises(
        ArgumentsError, match="choose one of: opensafely, controlled, none"
    ):
        found.chosen("midpoint6")


@pytest.mark.parametrize(
    "text, fault",
    [
        ("[controlled]\nthreshold = 5\n", "never looser"),
        ("[controlled]\nbase = 8\n", "never looser"),
        ("[controlled]\nthreshold = 10\n", "needs a larger base"),
        ("[opensafely]\nbase = 10\n", "odd base"),
        ("[opensafely]\nbase = 25\n", "looks redactable"),
        ("[opensafely]\nbase = 5.0\n", "whole number"),
        ("[opensafely]\nrule = 1\n", "may have threshold and base"),
        ("[none]\nbase = 1\n", "can't be changed"),
        ("[openly]\nbase = 7\n", "openly"),
        ("allowed = []\n", "must allow"),
        ('allowed = ["raw"]\n', "must allow"),
        ('default = "midpoint6"\nallowed = ["controlled"]\n', "not among"),
        ("default = \n", "cannot be read"),
        ("allow_plain_http = 1\n", "allow_plain_http is 1, but must be true or false"),
        (
            "allow_plain_htp = true\n",
            "allow_plain_htp.*may say default, allowed, allow_plain_http",
        ),
        (
            "allow_weak_isolation = 1\n",
            "allow_weak_isolation is 1, but must be true or false",
        ),
        (
            "allow_weak = true\n",
            "allow_weak.*may say default, allowed, .*allow_weak_isolation",
        ),
    ],
)
def test_a_site_can_never_be_looser_or_unclear(tmp_path, text, fault):
    with pytest.raises(ArgumentsError, match=fault):
        site(tmp_path, text)


def test_what_a_site_allows_beside_policies(tmp_path):
    assert (
        not read_site(None).allow_plain_http and not site(tmp_path, "").allow_plain_http
    )
    assert site(tmp_path, "allow_plain_http = true\n").allow_plain_http
    assert not site(tmp_path, "allow_plain_http = false\n").allow_plain_http


def test_a_site_may_allow_weak_isolation(tmp_path):
    assert not read_site(None).allow_weak_isolation
    assert not site(tmp_path, "").allow_weak_isolation
    assert site(tmp_path, "allow_weak_isolation = true\n").allow_weak_isolation


def test_a_site_without_a_file_is_the_policies_as_they_are(tmp_path):
    assert read_site(None).chosen("").name == "controlled"
    with pytest.raises(ArgumentsError, match="cannot be read"):
        read_site(tmp_path / "nowhere.toml")


def test_a_site_may_ask_for_people(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("require_approval = true\napprovals = 2\n", encoding="utf-8")
    said = read_site(path)
    assert (said.require_approval, said.approvals) == (True, 2)
    assert (read_site(None).require_approval, read_site(None).approvals) == (False, 1)
    for wrong in ("0", '"two"', "true", "1.5"):
        path.write_text(f"approvals = {wrong}\n", encoding="utf-8")
        with pytest.raises(
            ArgumentsError, match="approvals is .* whole number of people from 1"
        ):
            read_site(path)
