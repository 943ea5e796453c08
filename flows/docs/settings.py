"""Every setting of the environment, with its default and what it means.

`tests/unit/flows/docs/test_settings.py` compares the list with what the code asks for.
"""

from dataclasses import dataclass

from flows.docs.markdown import table


@dataclass(frozen=True)
class Setting:
    """A variable of the environment."""

    # with its COHORTFLOW_
    name: str
    # in words
    default: str
    # in words, for the page of the manual
    meaning: str


RUNS = (
    Setting(
        "COHORTFLOW_WORKSPACE",
        "`workspace`",
        "the folder of all results, of a run and of a server, as `--workspace`; a "
        "server's file `environment` names its own",
    ),
    Setting(
        "COHORTFLOW_WORKERS",
        "number of cores",
        "worker processes of the local Dask cluster",
    ),
    Setting(
        "COHORTFLOW_MEMORY_MB",
        "2000",
        "memory of all DuckDBs together, as `--memory`; 80 for each worker at least. "
        "With less, fewer patients are worked through at a time, and what still does "
        "not fit spills to `highly_sensitive/spill`",
    ),
    Setting(
        "COHORTFLOW_PERIOD_SECONDS", "3600", "how long an attempt at a period may take"
    ),
    Setting(
        "COHORTFLOW_STEP_SECONDS",
        "86400",
        "how long an attempt at the snapshot or another step before the periods may "
        "take",
    ),
    Setting(
        "COHORTFLOW_KEY_FILE",
        "`~/.config/cohortflow/key`",
        "the key of all counts; its owner's alone, and belongs in a backup",
    ),
    Setting(
        "COHORTFLOW_LEDGER",
        "`ledger/` beside the key",
        "the folder in which the site remembers whom it counted; belongs in a "
        "backup, too",
    ),
    Setting(
        "COHORTFLOW_SITE_POLICY",
        "none",
        "the TOML file by which a site decides: `default`, `allowed`, stricter "
        "numbers, `require_approval`, `approvals`, `allow_weak_isolation`, "
        "`allow_plain_http`",
    ),
    Setting(
        "PREFECT_API_URL",
        "a temporary server; none for a dataset",
        "the Prefect server that shall know of the runs; of another machine it needs "
        "https, unless the site says `allow_plain_http = true`",
    ),
    Setting(
        "PREFECT_HOME",
        "`~/.prefect`",
        "a folder that may be written to; a temporary server keeps its database in "
        "its `temporary/` (0700)",
    ),
)
SERVER = (
    Setting(
        "COHORTFLOW_STUDIES",
        "`nhs_at_home`",
        "names or paths, with commas: what `weekly` runs, one schedule each; "
        "`NAME=path` as `--name`",
    ),
    Setting("COHORTFLOW_RECORDS", "`trial`", "as `--records`"),
    Setting("COHORTFLOW_POLICY", "the site's", "as `--policy`"),
    Setting("COHORTFLOW_PATIENTS", "20000", "as `--patients`"),
    Setting("COHORTFLOW_SCHEDULE", "`0 6 * * 1`", "cron, in London's time"),
    Setting(
        "COHORTFLOW_WAIT_DAYS", "0", "days until a period that ended counts as complete"
    ),
    Setting(
        "COHORTFLOW_KEEP",
        "3",
        "the loads of records of a study whose results stay; those of others go "
        "every night, as by `clean --keep`",
    ),
    Setting(
        "COHORTFLOW_OLDER_THAN",
        "30",
        "days for which nothing was used that goes, runs in Prefect's database "
        "included; as `clean --older-than`",
    ),
    Setting(
        "COHORTFLOW_PORT",
        "4200",
        "where Prefect listens; a proxy with TLS goes in front",
    ),
    Setting("COHORTFLOW_DASK_PORT", "8786", "where Dask listens"),
    Setting("COHORTFLOW_BIND", "127.0.0.1", "the address on which both listen"),
    Setting(
        "COHORTFLOW_AUTH_FILE",
        "`workspace/.server/auth`",
        "one line `USER:PASSWORD`; made up if there is none",
    ),
    Setting(
        "PREFECT_SERVER_DATABASE_CONNECTION_URL",
        "as `COHORTFLOW_DATABASE`",
        "a PostgreSQL of yours for Prefect's runs: "
        "`postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE`",
    ),
    Setting(
        "COHORTFLOW_DATABASE",
        "`sqlite` for one study, `postgresql` for several where Debian's package is "
        "installed",
        "what keeps Prefect's runs where no URL is named: SQLite, or a PostgreSQL "
        "that the server starts in `workspace/.server/postgres`, reached by its own "
        "user alone",
    ),
    Setting(
        "COHORTFLOW_CLUSTER",
        "the port above",
        "where other parts find the Dask scheduler",
    ),
    Setting(
        "COHORTFLOW_ALERT_WEBHOOK",
        "none",
        "an address that gets alerts as JSON by POST",
    ),
    Setting(
        "COHORTFLOW_ALERT_COMMAND", "none", "a command that gets them on standard input"
    ),
    Setting(
        "COHORTFLOW_LATE_MINUTES",
        "30",
        "how long after its time a run that has not begun is late",
    ),
)
AUTHORS = (
    Setting(
        "COHORTFLOW_CODELISTS",
        "none",
        "the base address from which `cohortflow codelists update` fetches",
    ),
)
KINDS = {"runs": RUNS, "server": SERVER, "authors": AUTHORS}


def settings_reference(kind: str) -> str:
    """The settings of runs, of the server or of authors, as a table."""
    rows = [[f"`{each.name}`", each.default, each.meaning] for each in KINDS[kind]]
    return table(["setting", "default", "meaning"], rows)
