"""Published codelists are fetched from a site, locked with their hashes, and compared
with the lock.
"""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from extractors.errors import ArgumentsError, CodelistError
from measures.codelists.listing import listed
from measures.codelists.published import named_lists, read_lock, sha_of
from measures.codelists.site import SETTING, Site, Unreachable, the_site
from measures.codelists.updating import check_lock, check_newest, update

ASTHMA, MINE = "opensafely/asthma/2020-04-15", "user/alice/mine/7ab3"
LISTS = {ASTHMA: b"code,term\n195967001,Asthma\n", MINE: b"code\n38341003\n"}
VERSIONS = {
    "codelists": [
        {
            "full_slug": "opensafely/other",
            "versions": [{"tag": "x", "status": "published"}],
        },
        {
            "full_slug": "opensafely/asthma",
            "versions": [
                {
                    "tag": "2023-01-01",
                    "hash": "11",
                    "status": "published",
                    "updated_date": "2023-01-01",
                },
                {
                    "tag": "2020-04-15",
                    "hash": "22",
                    "status": "published",
                    "updated_date": "2020-04-15",
                },
                {
                    "tag": "",
                    "hash": "33",
                    "status": "draft",
                    "updated_date": "2024-01-01",
                },
            ],
        },
    ]
}


class Listening(ThreadingHTTPServer):
    """Remembers what it is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        assert isinstance(self.server, Listening)
        self.server.asked.append(self.path)
        # a proxy is asked for the whole address
        path = self.path.split("lists.example")[-1].strip("/")
        answers = {
            f"codelist/{name}/download.csv": data for name, data in LISTS.items()
        }
        answers["api/v1/codelist/opensafely"] = json.dumps(VERSIONS).encode()
        data = answers.get(path)
        self.send_response(200 if data else 404)
        self.end_headers()
        self.wfile.write(data or b"")


@pytest.fixture
def server():
    server = Listening()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(server):
    return Site(f"http://127.0.0.1:{server.server_port}")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "codelists.txt").write_text(
        f"# ours\n{ASTHMA}\n\n{MINE}/\n", encoding="utf-8"
    )
    return tmp_path


def kinds(findings):
    return [(each.kind, each.line, each.wrong) for each in findings]


def test_what_is_named_is_fetched_and_locked(folder, site):
    done = update(folder, site)
    assert (
        set(done.changed) == {"opensafely-asthma.csv", "user-alice-mine.csv"}
        and not done.same
    )
    assert (folder / "opensafely-asthma.csv").read_bytes() == LISTS[ASTHMA]
    lock = json.loads((folder / "codelists.json").read_text(encoding="utf-8"))["files"][
        "opensafely-asthma.csv"
    ]
    assert lock["id"] == ASTHMA and lock["sha"] == sha_of(LISTS[ASTHMA])
    assert lock["url"].endswith(f"/codelist/{ASTHMA}/") and lock[
        "downloaded_at"
    ].endswith("Z")
    assert check_lock(folder) == []
    assert update(folder, site).changed == ()


def test_a_list_that_is_no_longer_named_goes(folder, site):
    update(folder, site)
    (folder / "own.csv").write_text("code\n195967001\n", encoding="utf-8")
    (folder / "codelists.txt").write_text(f"{ASTHMA}\n", encoding="utf-8")
    assert kinds(check_lock(folder)) == [("not named", 0, True)]
    assert update(folder, site).removed == ("user-alice-mine.csv",)
    assert sorted(path.name for path in folder.glob("*.csv")) == [
        "opensafely-asthma.csv",
        "own.csv",
    ]


def test_what_differs_from_the_lock_is_found(folder, site):
    assert kinds(check_lock(folder)) == [("missing", 2, True), ("missing", 4, True)]
    update(folder, site)
    (folder / "user-alice-mine.csv").write_text("code\n44054006\n", encoding="utf-8")
    (folder / "codelists.txt").write_text(
        f"opensafely/asthma/2023-01-01\n{MINE}\nopensafely/new/v1\n", encoding="utf-8"
    )
    (folder / "opensafely-new.csv").write_text("code\n", encoding="utf-8")
    found = check_lock(folder)
    assert kinds(found) == [
        ("other version", 1, True),
        ("changed", 0, True),
        ("not locked", 3, True),
    ]
    assert [each.state for each in listed(folder)] == [
        "other version",
        "not locked",
        "changed",
    ]
    assert "codelists.txt, line 1: " in found[0].words and ASTHMA in found[0].words


def test_line_ends_are_no_change(folder, site):
    update(folder, site)
    file = folder / "opensafely-asthma.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert check_lock(folder) == []


def test_the_locks_of_opensafelys_studies_are_read(shared_data, tmp_path):
    shutil.copytree(shared_data / "codelists_opensafely", tmp_path / "lists")
    assert len(read_lock(tmp_path / "lists")) == 12
    assert check_lock(tmp_path / "lists") == []


def test_a_newer_version_is_told(folder, site):
    (finding,) = check_newest(folder, site)
    assert finding.kind == "not the newest" and finding.line == 2 and not finding.wrong
    assert "which is 2023-01-01" in finding.text
    (folder / "codelists.txt").write_text("opensafely/asthma/11\n", encoding="utf-8")
    assert check_newest(folder, site) == []


def test_offline_it_says_what_is_missing_and_changes_nothing(folder, site, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(
        Unreachable,
        match="cannot be reached.*missing are opensafely-asthma.csv, "
        "user-alice-mine.csv",
    ):
        update(folder, site)
    assert [path.name for path in folder.iterdir()] == ["codelists.txt"]


def test_a_version_that_is_not_there_is_named(folder, site):
    (folder / "codelists.txt").write_text(
        f"{ASTHMA}\nopensafely/none/v1\n", encoding="utf-8"
    )
    with pytest.raises(
        Unreachable,
        match="opensafely/none/v1/download.csv answered 404.*Nothing was changed",
    ):
        update(folder, site)
    assert not (folder / "opensafely-asthma.csv").exists()


def test_a_proxy_of_the_environment_is_used(folder, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    update(folder, Site("http://lists.example"))
    assert server.asked[0] == f"http://lists.example/codelist/{ASTHMA}/download.csv"
    assert check_lock(folder) == []


@pytest.mark.parametrize(
    "text, said",
    [
        ("asthma\n", "line 1: 'asthma' names no list"),
        (f"{ASTHMA}\nopensafely/asthma/v2\n", "lines 1 and 2 are both"),
    ],
)
def test_lines_that_name_no_list_are_refused(tmp_path, text, said):
    (tmp_path / "codelists.txt").write_text(text, encoding="utf-8")
    with pytest.raises(CodelistError, match=said):
        named_lists(tmp_path)


def test_a_folder_without_the_file_and_a_damaged_lock_are_told(tmp_path):
    with pytest.raises(ArgumentsError, match="There is no .*codelists.txt; write it"):
        named_lists(tmp_path)
    (tmp_path / "codelists.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CodelistError, match="is damaged"):
        read_lock(tmp_path)


@pytest.mark.parametrize(
    "base, said",
    [("", "does not say where"), ("ftp://x", "https or http, got 'ftp://x'")],
)
def test_the_setting_is_asked_for(monkeypatch, base, said):
    monkeypatch.setenv(SETTING, base)
    with pytest.raises(ArgumentsError, match=said):
        the_site()
