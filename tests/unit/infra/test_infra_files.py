"""What is shipped for systemd and containers, read as those programs read it; no engine
of either is started.
"""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.errors import ArgumentsError
from flows.docs.settings import RUNS, SERVER
from flows.prefect_server.plain_http import refuse_plain_http
from flows.preparing.options import PATIENTS
from flows.serving.messages import Receiver, receiver
from flows.serving.parts import DATABASE, parts
from flows.serving.setting import setting
from flows.workspace.settings import settings
from measures.disclosure.site import read_site
from tests.lib.places import CHECKOUT

INFRA = CHECKOUT / "infra"
UNITS = sorted(path for path in (INFRA / "systemd").iterdir() if path.is_file())
DROP_INS = sorted((INFRA / "systemd").glob("*.d/*.conf"))
MOST_EXPOSED = 4.0  # of 10
INSTALLED = "/opt/cohortflow"
NAMES = [part.name for part in parts(setting("w"))]
INSTRUCTIONS = set(
    "FROM RUN COPY ARG ENV USER WORKDIR VOLUME ENTRYPOINT CMD EXPOSE LABEL HEALTHCHECK".split()
)


# systemd ------------------------------------------------------------------------------


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    return parser


def test_the_target_wants_every_part_and_no_other():
    wants = re.findall(
        r"^Wants=(.*)$",
        (INFRA / "systemd" / "cohortflow.target").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    named = {
        re.sub(r"^cohortflow[@-](.*)\.service$", r"\1", unit)
        for line in wants
        for unit in line.split()
    }
    assert named == {*NAMES, DATABASE}


@pytest.mark.parametrize(
    "unit",
    [unit for unit in UNITS if unit.suffix == ".service"],
    ids=lambda unit: unit.name,
)
def test_services_are_closed_and_come_back(unit: Path):
    service = read(unit)["Service"]
    command = shlex.split(service["ExecStart"])
    assert command[:2] == [f"{INSTALLED}/.venv/bin/cohortflow", "serve"]
    assert command[2] in ("%i", "register")
    assert service["Restart"] in ("always", "on-failure")
    assert (service["User"], service["UMask"], service["StateDirectoryMode"]) == (
        "cohortflow",
        "0077",
        "0700",
    )
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"),
    reason="no systemd here that could judge its units",
)
def test_systemd_takes_the_units(tmp_path: Path):
    """As they are, but for the place of the command, which must be there to be
    taken.
    """
    for unit in UNITS:
        (tmp_path / unit.name).write_text(
            unit.read_text(encoding="utf-8").replace(
                f"{INSTALLED}/.venv/bin/cohortflow", f"{sys.executable} -m flows"
            ),
            encoding="utf-8",
        )
    names = [
        "cohortflow.target",
        "cohortflow@server.service",
        "cohortflow-register.service",
    ]
    command = [
        "systemd-analyze",
        "verify",
        "--man=no",
        "--recursive-errors=no",
        *(str(tmp_path / n) for n in names),
    ]
    judged = subprocess.run(
        command, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert "cohortflow" not in judged.stderr and judged.returncode == 0, judged.stderr


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"),
    reason="no systemd here that could judge its units",
)
@pytest.mark.parametrize("name", ["server", "alerts", "database", "register"])
def test_systemd_finds_little_exposed(tmp_path: Path, name: str):
    """Each with its drop-ins, under the name by which systemd starts it."""
    shutil.copytree(INFRA / "systemd", tmp_path / "units")
    unit = tmp_path / "units" / f"cohortflow@{name}.service"
    if name == "register":
        unit = tmp_path / "units" / "cohortflow-register.service"
    else:
        shutil.copy(tmp_path / "units" / "cohortflow@.service", unit)
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    judged = subprocess.run(
        command, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if "unrecognized option" in judged.stderr:
        pytest.skip("this systemd judges only what is installed")
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", judged.stdout)
    assert found and float(found[1]) <= MOST_EXPOSED, judged.stdout + judged.stderr
    # the webhook of alerts is out there; nothing else leaves the machine
    assert ("does not define an IP address allow list" in judged.stdout) == (
        name == "alerts"
    )


def test_drop_ins_are_of_parts():
    assert [path.parent.name for path in DROP_INS] == [
        "cohortflow@alerts.service.d",
        "cohortflow@database.service.d",
    ]
    own = read(DROP_INS[1])["Service"]
    assert own["Restart"] == "on-failure", (
        "a database that is not needed ends, and stays ended"
    )
    assert own["KillSignal"] == "SIGINT"


# What a definition is read behind, what psutil and Dask ask, and sockets of this
# machine.
NEEDED = {"seccomp", "landlock_create_ruleset", "landlock_restrict_self"}


@pytest.mark.parametrize(
    "unit",
    [unit for unit in UNITS if unit.suffix == ".service"],
    ids=lambda unit: unit.name,
)
def test_services_may_do_what_they_have_to(unit: Path):
    text = unit.read_text(encoding="utf-8")
    called = {
        word
        for line in re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE)
        for word in line.split()
    }
    assert called >= NEEDED | {"@system-service", "~@privileged"}
    families = set(read(unit)["Service"]["RestrictAddressFamilies"].split())
    assert families == {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"}


# Containers ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((INFRA / "compose.yaml").read_text(encoding="utf-8"))


def test_compose_has_every_part(compose):
    assert list(compose["services"]) == NAMES or set(compose["services"]) == set(NAMES)
    for name, service in compose["services"].items():
        assert service["command"] == [name]
        assert service["image"] == "cohortflow" and "restart" in service
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == [
            "no-new-privileges:true"
        ]


def test_compose_waits_for_parts_that_there_are(compose):
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", ())) <= set(NAMES) - {name}
    assert (
        compose["services"]["runner"]["depends_on"]["register"]["condition"]
        == "service_completed_successfully"
    )


def test_nothing_in_compose_is_reached_from_outside_but_the_server_on_loopback(compose):
    assert compose["networks"]["inside"]["internal"] is True
    published = {
        name: service["ports"]
        for name, service in compose["services"].items()
        if "ports" in service
    }
    assert published == {"server": ["127.0.0.1:${COHORTFLOW_PORT:-4200}:4200"]}
    outside = {
        name
        for name, service in compose["services"].items()
        if "outside" in service["networks"]
    }
    assert outside == {"server", "alerts"}, "what touches records has no way out"


def test_compose_has_a_health_check_for_every_part_that_stays(compose):
    checks = {
        name: service["healthcheck"]["test"]
        for name, service in compose["services"].items()
        if name != "register"
    }
    assert checks.keys() == set(NAMES) - {"register"}
    own = {name: test for name, test in checks.items() if name != "server"}
    assert own == {
        name: ["CMD", "python", "-m", "flows.serving.well", name] for name in own
    }


def test_compose_passes_on_where_records_are_and_who_asks(compose):
    """Without a value: one that is set to nothing is a mistake to libpq."""
    for service in compose["services"].values():
        environment = service["environment"]
        named = {name for name in environment if name.startswith("PG")}
        assert named >= {
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGPASSWORD",
            "PGPASSFILE",
            "PGSERVICE",
            "PGSSLMODE",
        }
        assert {environment[name] for name in named} == {None}


def test_a_database_of_records_is_reached_only_where_a_site_asks_for_it(compose):
    added = yaml.safe_load(
        (INFRA / "compose-database.yaml").read_text(encoding="utf-8")
    )
    assert set(added["services"]) == {"register", "runner", "workers"}, (
        "all that touch records"
    )
    for name, service in added["services"].items():
        assert service == {"networks": ["inside", "records"]}
        assert compose["services"][name]["networks"] == ["inside"]
    assert (
        added["networks"] == {"records": None} and "records" not in compose["networks"]
    )


def test_compose_allows_itself_plain_http_and_a_site_must_say_so(compose):
    """Its server is on another "machine" for the parts: without the site's file they
    would refuse it.
    """
    environment = compose["services"]["runner"]["environment"]
    given = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", environment["COHORTFLOW_SITE_POLICY"])
    assert given == f"{INSTALLED}/infra/compose-site.toml"
    site = read_site(INFRA / "compose-site.toml")
    refuse_plain_http(environment["PREFECT_API_URL"], allowed=site.allow_plain_http)
    with pytest.raises(ArgumentsError, match="allow_plain_http"):
        refuse_plain_http(
            environment["PREFECT_API_URL"], allowed=read_site(None).allow_plain_http
        )


def test_compose_names_settings_that_there_are(compose):
    known = "".join(
        path.read_text(encoding="utf-8")
        for path in (INFRA.parent / "flows").rglob("*.py")
    )
    for service in compose["services"].values():
        # those are libpq's
        ours = [name for name in service["environment"] if not name.startswith("PG")]
        assert not [name for name in ours if name not in known]


# What compose itself says of its containers: where they listen, how they find each
# other, where the volume is.
OF_THE_CONTAINERS = {
    "COHORTFLOW_BIND",
    "COHORTFLOW_CLUSTER",
    "COHORTFLOW_DASK_PORT",
    "COHORTFLOW_WORKSPACE",
    "PREFECT_API_URL",
    "PREFECT_HOME",
}


def test_compose_passes_on_every_setting(compose):
    """A stricter rule of a site that is not passed on would silently not apply."""
    text = (INFRA / "compose.yaml").read_text(encoding="utf-8")
    passed = {
        *re.findall(r"\b(\w+): \$\{\1:-", text),
        *re.findall(r"ports: .*\$\{(\w+):-", text),
    }
    named = {each.name for each in (*RUNS, *SERVER)}
    assert {
        "COHORTFLOW_SITE_POLICY",
        "COHORTFLOW_STEP_SECONDS",
        "COHORTFLOW_ALERT_COMMAND",
    } <= named
    assert passed == named - OF_THE_CONTAINERS and named >= OF_THE_CONTAINERS
    by_all = set.intersection(
        *(set(service["environment"]) for service in compose["services"].values())
    )
    assert {name for name in passed - by_all if "ALERT" not in name} == {
        "COHORTFLOW_PORT",
        "COHORTFLOW_LATE_MINUTES",
    }


def test_the_defaults_of_compose_are_sound(compose, monkeypatch):
    """Where nothing is set, each part starts with what compose says instead."""
    for name, value in compose["services"]["alerts"]["environment"].items():
        if value is None:  # passed on only if it is set
            continue
        monkeypatch.setenv(name, re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(value)))
    assert setting("w").patients == PATIENTS and settings().period.seconds == 3600
    assert setting("w").auth_file.name == "auth" and receiver() == Receiver()


def test_the_dockerfile():
    """Each instruction is one, the image is not run by root, and what is copied and run
    is there.
    """
    text = re.sub(r"\\\n", " ", (INFRA / "Dockerfile").read_text(encoding="utf-8"))
    lines = [
        line.partition(" ")[::2]
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]
    kinds, said = [kind for kind, _ in lines], dict(lines)
    assert set(kinds) <= INSTRUCTIONS
    assert kinds.index("USER") > kinds.index("RUN") and kinds[-1] == "ENTRYPOINT"
    assert (
        said["USER"] == "cohortflow" and said["ENTRYPOINT"] == '["cohortflow", "serve"]'
    )
    assert (
        kinds[:2] == ["ARG", "FROM"]
        and lines[0][1].startswith("BASE=")
        and said["FROM"] == "${BASE}"
    )
    assert "--build-arg BASE=python@sha256:" in text, "how it is pinned"
    for kind, rest in lines:
        if kind == "RUN":
            subprocess.run(["bash", "-n", "-c", rest], check=True)
    assert (INFRA / "setup").exists()
    ignored = (INFRA / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "workspace"} <= set(ignored), (
        "neither secrets nor results get into an image"
    )
