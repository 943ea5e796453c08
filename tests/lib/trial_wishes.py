"""Wishes for every shipped table and one of an author's own, and how to read what came
of them.
"""

import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.language.frames import BaseFrame
from extractors.model.schema import Column, TableSchema
from extractors.model.types import BNFCode, OPCS4Code
from extractors.tables import tpp
from extractors.trial import Wishes
from extractors.trial.people import clinic, england

DATE = datetime.date
FIRST, LAST = DATE(2019, 4, 1), DATE(2022, 6, 5)
PATIENTS = 20_000
HYPERTENSION = ("59621000", "38341003", "1201005", "38481006", "48146000")
CARE_HOME, SHIELDING, PROACTIVE = (
    ("160734000", "394923006"),
    ("1300561000000107",),
    ("934231000000106",),
)
DIABETES, ASTHMA = ("C10F.", "X40J5", "C109.", "C1090"), ("H33..", "H33z.", "H330.")
COPD, AF = ("H3...", "H32..", "H31.."), ("G573.", "G5730")
HOME_BP = ("413606001", "413605002", "314446007", "314461008")
OXIMETRY = clinic.PULSE_OXIMETRY
ETHNICITY = tuple(code for codes in england.ETHNICITY_CODES.values() for code in codes)
UNKNOWN_SMALL = ("271649006", "271650006")
UNKNOWN_LARGE = tuple(str(7_000_000 + 17 * number) for number in range(60))
SYSTOLIC, DIASTOLIC = "413606001", "413605002"

SHIPPED = {
    name: frame._node.table.schema
    for name, frame in vars(tpp).items()
    if isinstance(frame, BaseFrame)
}
EVENTS, PEOPLE = SHIPPED["clinical_events"], SHIPPED["patients"]
OWN = TableSchema(
    "our_survey",
    (
        Column("asked_on", DATE, required=True, first_of_month=True),
        Column("answer", str, required=True, categories=("yes", "no")),
        Column("score", int, minimum=-10, maximum=30, step=5),
        Column("grade", int, categories=(1, 5, 9)),
        Column("ward", str, required=True, pattern="W[A-C]{2}-[0-9]{2,3}X?"),
        Column("weight", float),
        Column("helped", bool, required=True),
        Column("operation", OPCS4Code),
        Column("drug", BNFCode),
        Column("remark", str),
    ),
    one_row=True,
)
TABLES = (*SHIPPED.values(), OWN)
CODELISTS = {
    ("clinical_events", "snomedct_code"): (
        HYPERTENSION, CARE_HOME, SHIELDING, PROACTIVE, HOME_BP, *((code,) for code in HOME_BP),
        OXIMETRY, ETHNICITY, UNKNOWN_SMALL, UNKNOWN_LARGE,
    ),
    ("clinical_events", "ctv3_code"): (DIABETES, ASTHMA, COPD, AF),
    ("medications", "dmd_code"): (("39113611000001102", "39113311000001107"),),
    ("apcs", "primary_diagnosis"): (("J440", "J441"),),
    ("apcs", "all_diagnoses"): (("I2", "E119"),),
    ("ons_deaths", "cause_of_death_01"): (("X420",),),
    ("our_survey", "remark"): (("wished for",),),
}  # fmt: skip
WISHES = Wishes(TABLES, CODELISTS, FIRST, LAST)


def read(folder, table):
    """A table in pandas: dates as datetime64, integers with NULLs as Int64, codes as
    plain strings.
    """
    file = folder / f"{table}.parquet"
    data = pq.read_table(file if file.exists() else folder / table)
    whole = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame = data.to_pandas(types_mapper=whole.get, date_as_object=False)
    for name in frame.columns[frame.dtypes == "category"]:
        frame[name] = frame[name].astype(object)
    return frame


def ever(frame, codes, column="snomedct_code"):
    return frame[frame[column].isin(codes)].patient_id.unique()
