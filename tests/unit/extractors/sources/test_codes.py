"""What happened to a code on its way is seen from the code, by the rules of its coding
system.
"""

import random
from collections.abc import Sequence

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.model.types import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    OPCS4Code,
    SNOMEDCTCode,
)
from extractors.model.verhoeff import has_check_digit
from extractors.sources import verhoeff
from extractors.sources.codes import DAMAGES, MENDS, Spelled, in_one_case, mended

SPELLED = Spelled.of("x")


@pytest.fixture(scope="module")
def engine():
    with Engine() as engine:
        yield engine


def asked(engine: Engine, expression: str, values: Sequence[str | None]) -> list:
    engine.register("given", pa.table({"x": pa.array(values, pa.string())}))
    return [value for (value,) in engine.execute(f"SELECT {expression} FROM given")]


def broken(engine: Engine, system: type, code: str) -> str:
    """The words of the rule that a code breaks."""
    (place,) = asked(engine, SPELLED.damage(system), [code])
    return "" if place is None else DAMAGES[place].words


MEANT = [
    ("444814009", "444814009"),
    ("444814009  ", "444814009"),
    ("\t444814009\r\n", "444814009"),
    ("\xa0444814009\u200b", "444814009"),
    ("\ufeff444814009", "444814009"),
    ('"444814009"', "444814009"),
    ("'444814009' ", "444814009"),
    ("' 444814009'", "444814009"),
    ("2469.", "2469."),
    ('"444814009', '"444814009'),
    *(
        (nothing, None)
        for nothing in (
            "",
            " ",
            "NA",
            "na",
            "N/A",
            "NULL",
            "null",
            "NaN",
            "nan",
            "None",
            r"\N",
            "-",
        )
    ),
    *((nothing, None) for nothing in ('""', '"NA"', "<NA>")),
]


@pytest.mark.parametrize(("stored", "meant"), MEANT)
def test_what_a_stored_text_means(engine, stored, meant):
    assert (
        asked(engine, SPELLED.code, [stored])
        == asked(engine, mended("x"), [stored])
        == [meant]
    )


@pytest.mark.parametrize(("stored", "meant"), MEANT)
def test_a_rule_says_that_a_text_is_mended(engine, stored, meant):
    (place,) = asked(engine, SPELLED.mend, [stored])
    assert (place is None) == (stored == meant)
    if stored is not None and meant is None:
        assert MENDS[place].words.startswith("texts for nothing")


WHOLE = [
    (SNOMEDCTCode, ["444814009", "22298006", "900000000000207008"]),
    (DMDCode, ["39113611000001102"]),
    (CTV3Code, ["XE0Uc", "2469.", "246..", "12E34", "1....", "1E3.."]),
    (ICD10Code, ["I10", "I109", "C50X", "E119"]),
    (OPCS4Code, ["K40", "K401"]),
    (BNFCode, ["0101010E0AAAAAA", "0101010E0123456"]),
]


@pytest.mark.parametrize(("system", "codes"), WHOLE)
def test_whole_codes_break_no_rule(engine, system, codes):
    assert asked(engine, SPELLED.damage(system), codes) == [None] * len(codes)


BROKEN = [
    (SNOMEDCTCode, "444814009.00", "spreadsheet (E+"),
    (SNOMEDCTCode, "444814009.0", "spreadsheet (E+"),
    (SNOMEDCTCode, "4.44814009E+08", "spreadsheet (E+"),
    (SNOMEDCTCode, "4,44814009E+08", "spreadsheet (E+"),
    (SNOMEDCTCode, "4.44814009E8", "spreadsheet (E+"),
    (SNOMEDCTCode, "444814009E0", "(E, as in 1.5E7)"),
    (CTV3Code, "2.469E3", "spreadsheet (E+"),
    (CTV3Code, "1234E5", "(E, as in 1.5E7)"),
    (SNOMEDCTCode, "444,814,009", "thousands separators"),
    (SNOMEDCTCode, "444.814.009", "thousands separators"),
    (SNOMEDCTCode, "444 814 009", "thousands separators"),
    (SNOMEDCTCode, "444\u202f814\u202f009", "thousands separators"),
    (SNOMEDCTCode, "444814\x00009", "cannot be seen"),
    (SNOMEDCTCode, "444814\u200b009", "cannot be seen"),
    (CTV3Code, "XE0\x07c", "cannot be seen"),
    (SNOMEDCTCode, '"444814009', "a quote in them"),
    (SNOMEDCTCode, "0444814009", "leading zero"),
    (SNOMEDCTCode, "EMISNQCO303", "with letters"),
    (SNOMEDCTCode, "44481", "not of the form"),
    (SNOMEDCTCode, "444814008", "wrong check digit"),
    (SNOMEDCTCode, "900000000000207000", "a spreadsheet made 0"),
    (DMDCode, "39113611000001103", "wrong check digit"),
    (CTV3Code, "2469", "lost their dots"),
    (CTV3Code, "246.", "lost their dots"),
    (CTV3Code, "2469.00", "spreadsheet (E+"),
    (CTV3Code, "XE0Uc00", "not of the form"),
    (ICD10Code, "I10.9", "with a dot"),
    (ICD10Code, "i109", "small letters"),
    (OPCS4Code, "K40.1", "with a dot"),
    (BNFCode, "0101", "not of the form"),
]


@pytest.mark.parametrize(("system", "code", "words"), BROKEN)
def test_a_damaged_code_breaks_the_rule_of_its_damage(engine, system, code, words):
    assert words in broken(engine, system, code)


def test_the_check_digit_in_sql_is_that_in_python(engine):
    dice = random.Random(1)
    codes = [
        str(dice.randrange(10**5, 10 ** dice.randint(6, 18))) for _ in range(2_000)
    ]
    right = asked(engine, verhoeff.has_check_digit("x"), codes)
    assert right == [has_check_digit(code) for code in codes]
    assert 0 < sum(right) < len(codes)


CASED = [f"X{a}{b}bc" for a in "aEm" for b in "0123456789"]


@pytest.mark.parametrize(
    ("codes", "lost"),
    [
        (CASED, False),
        ([code.upper() for code in CASED], True),
        ([code.lower() for code in CASED], True),
        ([code.upper() for code in CASED[:10]], False),
        ([f"{number}..." for number in range(10, 99)], False),
    ],
)
def test_read_codes_in_one_case_are_noticed(engine, codes, lost):
    assert asked(engine, in_one_case("x"), codes) == [lost]
