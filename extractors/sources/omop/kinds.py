"""OMOP records as kinds of source: on a disk, on other machines, and in databases."""

from extractors.sources.adbc.kind import Adbc
from extractors.sources.elsewhere.kind import OnOtherMachines
from extractors.sources.mssql.kind import SqlServers
from extractors.sources.omop.on_disk import OmopOnDisk
from extractors.sources.omop.source import Omop
from extractors.sources.omop.wanted import wanted_of
from extractors.sources.postgresql.kind import PostgreSQL

OMOP = OmopOnDisk(
    name="omop",
    prefix="omop:",
    form="omop:FOLDER_OR_FILE",
    choice="omop: followed by one of these",
    has_vocabulary=True,
    meaning=Omop,
)
OMOP_ELSEWHERE = OnOtherMachines(
    name="omop elsewhere",
    prefix="omop:",
    form="",  # that of the others with omop: in front
    has_vocabulary=True,
    meaning=Omop,
)
OMOP_ADBC = Adbc(
    name="omop+adbc",
    prefix="omop:",
    form="",  # that of the others with omop: in front
    has_vocabulary=True,
    meaning=Omop,
    wanted=wanted_of,
)
OMOP_MSSQL = SqlServers(
    name="omop+mssql",
    prefix="omop:",
    form="",  # that of the others with omop: in front
    has_vocabulary=True,
    meaning=Omop,
    wanted=wanted_of,
)
OMOP_POSTGRESQL = PostgreSQL(
    name="omop+postgresql",
    form="omop+postgresql://…",
    note="(no password: PGPASSWORD, .pgpass, PGSERVICE)",
    choice="omop+postgresql://…",
    omop=True,
    has_vocabulary=True,
    meaning=Omop,
    wanted=wanted_of,
)
