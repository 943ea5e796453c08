"""Records in a bucket (an S3 on loopback, by moto) and on a web server on loopback."""

import os
import pickle
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow.fs
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.planner.needs import TableNeed
from extractors.sources import Address
from tests.flows.commands import Command
from tests.flows.shelves import Shelves
from tests.lib.record_files import COLUMNS, EVENTS, FORMS, ROWS, TABLE, read

STUDY = Path(__file__).parent / "definitions" / "every_kind.py"
NEEDS = (TableNeed(EVENTS, tuple(COLUMNS), (), ""),)


@pytest.fixture(scope="module")
def s3():
    """A store without rights of its own: any key may do anything."""
    moto = pytest.importorskip("moto.server", reason="no package moto")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "some")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "thing")
        patch.setenv("AWS_REGION", "eu-west-2")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        system = pyarrow.fs.S3FileSystem(
            endpoint_override=f"{host}:{port}",
            scheme="http",
            allow_bucket_creation=True,
        )
        system.create_dir("bucket")
        yield system
    server.stop()


@pytest.fixture
def web(tmp_path):
    """A folder that a web server lists; the address of its top."""
    top = tmp_path / "served"
    top.mkdir()
    handler = partial(Handler, directory=str(top))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield top, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.2:1/")
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "spill").mkdir()
    with Engine(spill=tmp_path / "spill") as engine:
        yield engine


def put(system: pyarrow.fs.FileSystem, folder: Path, top: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with system.open_output_stream(
                f"{top}/{path.relative_to(folder).as_posix()}", compression=None
            ) as file:
                file.write(path.read_bytes())


FILES = [form for form in FORMS if not form.startswith("duckdb")]


@pytest.mark.parametrize("form", FILES)
def test_a_bucket_is_read_as_a_folder_is(engine, tmp_path, s3, form):
    (tmp_path / "made").mkdir()
    FORMS[form](TABLE, tmp_path / "made")
    put(s3, tmp_path / "made", f"bucket/a {form}")
    assert read(engine, f"s3://bucket/a {form}") == read(engine, tmp_path / "made")


@pytest.mark.parametrize("form", FILES)
def test_a_folder_of_a_web_server_is_read_as_a_folder_is(engine, web, form):
    top, address = web
    (top / "some records").mkdir()
    FORMS[form](TABLE, top / "some records")
    assert read(engine, f"{address}/some records") == read(engine, top / "some records")


def test_what_was_fetched_goes_with_the_engine(tmp_path, s3):
    (tmp_path / "made").mkdir()
    FORMS["parts"](TABLE, tmp_path / "made")
    put(s3, tmp_path / "made", "bucket/fetched")
    (tmp_path / "spill").mkdir()
    with Engine(spill=tmp_path / "spill") as engine:
        assert len(read(engine, "s3://bucket/fetched")) == len(ROWS)
        (fetched,) = (tmp_path / "spill").iterdir()
        assert fetched.stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "spill").iterdir()) == []


def test_a_change_is_seen_by_its_mark(engine, tmp_path, s3):
    (tmp_path / "made").mkdir()
    FORMS["csv"](TABLE, tmp_path / "made")
    put(s3, tmp_path / "made", "bucket/changing")
    address = Address.parse("s3://bucket/changing")
    state = address.look(NEEDS)
    assert address.look(NEEDS) == state
    source = pickle.loads(pickle.dumps(address.open(needs=NEEDS, state=state)))
    assert source.check(engine, EVENTS, COLUMNS).said == ()
    content = (tmp_path / "made" / "clinical_events.csv").read_bytes()
    with s3.open_output_stream("bucket/changing/clinical_events.csv") as file:
        file.write(content.replace(b"2020-02-29", b"2020-02-28"))  # of the same size
    assert address.look(NEEDS) != state
    with (
        Engine() as another,
        pytest.raises(RecordsError, match="have changed since this run") as raised,
    ):
        address.open(needs=NEEDS, state=state).check(another, EVENTS, COLUMNS)
    assert (
        raised.value.transient
        and pickle.loads(pickle.dumps(raised.value)).message == raised.value.message
    )


def test_what_the_store_says_is_told_in_our_words(engine, s3, web, monkeypatch):
    _, address = web
    for where, said in (
        ("s3://nothing/here", "there is no such bucket"),
        ("s3://bucket/empty", "no tables|cannot be read"),
        (f"{address}/nothing", "there is no such folder on the server"),
        (f"{address}/away", "cannot be read"),
    ):
        with pytest.raises(RecordsError, match=said) as raised:
            read(engine, where)
        assert str(raised.value).count(where) == 1
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(RecordsError, match="the store cannot be reached"):
        read(engine, "s3://bucket/empty")


@pytest.mark.parametrize(
    "where",
    [
        "s3://KEY:SECRET@bucket/a",
        "s3://KEY@bucket/a",
        "s3://bucket/a?secret_key=SECRET",
        "s3://bucket/a?SECRET",
        "abfs://c@a.dfs.core.windows.net/a?sig=SECRET",
        "abfss://c:SECRET@a.dfs.core.windows.net/a",
        "https://user:SECRET@host/a",
        "https://host/a?X-Amz-Signature=SECRET",
        "https://host/a#SECRET",
        "gs://bucket/a?token=SECRET",
        "omop:s3://KEY:SECRET@bucket/a",
    ],
)
def test_no_secret_may_stand_in_an_address(where):
    with pytest.raises(ArgumentsError) as raised:
        Address.parse(where).check()
    assert "SECRET" not in str(raised.value) and "KEY" not in str(raised.value).replace(
        "AWS_ACCESS_KEY_ID", ""
    )


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("s3://bucket/a", "elsewhere"),
        ("S3://bucket", "elsewhere"),
        ("gs://bucket/a", "elsewhere"),
        ("abfss://c@a.dfs.core.windows.net/a", "elsewhere"),
        ("https://host/a", "elsewhere"),
        ("s3://bucket/a?region=eu-west-2", "elsewhere"),
        ("omop:s3://bucket/a", "omop elsewhere"),
        ("./s3:/a", "tables"),
    ],
)
def test_addresses(where, kind):
    address = Address.parse(where)
    address.check()
    assert address.kind.name == kind and address.path is None or kind == "tables"


def test_plain_http_is_for_this_machine_alone():
    with pytest.raises(ArgumentsError, match="unless it is this machine"):
        Address.parse("http://192.0.2.1/records").check()
    Address.parse("http://[::1]:80/records").check()


@pytest.mark.slow
def test_a_run_on_a_bucket_gives_the_numbers_of_a_run_on_its_files(
    cohortflow: Command, tmp_path, s3
):
    cohortflow("trial", STUDY, "--patients", 300, "--to", tmp_path / "made").well()
    put(s3, tmp_path / "made", "bucket/run")
    places = {"folder": tmp_path / "made", "bucket": "s3://bucket/run"}
    store = {
        name: value for name, value in os.environ.items() if name.startswith("AWS_")
    }
    for name, place in places.items():
        cohortflow(
            "run", STUDY, "--records", place, "--workspace", tmp_path / name, **store
        ).well()
    ours, theirs = (Shelves(tmp_path / name, "every_kind").numbers() for name in places)
    assert ours == theirs and "measures.csv" in ours
    assert not any(
        "fetched-" in name
        for _, names, _ in os.walk(tmp_path / "bucket")
        for name in names
    )
