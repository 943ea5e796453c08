"""What a column of codes may hold: one rule for each kind of damage on a code's way.

A rule is asked of each different code once. What can be mended without doubt is mended
while it is read; what cannot be a code, and shows what happened to it, ends the run; of
all else that has not the form of the coding system a warning is said. Rules of damage
are asked only of what has not that form, so no real code is ever refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from extractors.model.types import WITH_CHECK_DIGIT as NUMBERS
from extractors.model.types import BNFCode, Code, CTV3Code, ICD10Code, OPCS4Code
from extractors.sources.verhoeff import has_check_digit
from extractors.sql.words import text

# All that is seen as a blank, or not at all: ASCII's, no-break, zero-width and the byte
# order mark.
BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680\u180e"
    + "".join(map(chr, (*range(0x2000, 0x2010), 0x2028, 0x2029)))
    + ("\u202f\u205f\u2060\u3000\ufeff")
)
# The texts that programs write where there is no value, in whatever letters.
NOTHING = ("", "na", "n/a", "#n/a", "<na>", "null", "nan", "none", r"\n", "-")
QUOTED = r"""(?s)"(.*)"|'(.*)'"""
PLAIN = "[0-9A-Za-z][!-~]{3,}[0-9A-Za-z.]"  # longer than all of NOTHING
CASELESS = 20  # different codes with letters in one case only, before that is no chance


class Verdict(Enum):
    """What becomes of codes that a rule fits."""

    MENDED = "mended"
    REFUSED = "refused"
    WARNED = "warned of"


@dataclass(frozen=True)
class CodeRule:
    """A kind of damage."""

    # what the codes are
    words: str
    # what to do, or what was done
    remedy: str
    # what becomes of them
    verdict: Verdict
    # SQL that is true of them; {code} is the mended text, {raw} what is stored,
    # {stripped} in between
    condition: str
    # the coding systems with this rule; none: all
    systems: tuple[type[Code], ...] = ()

    def holds_for(self, system: type[Code]) -> bool:
        return not self.systems or system in self.systems


def _like(pattern: str) -> str:
    return f"regexp_full_match({{code}}, {_pattern(pattern)})"


def _with(pattern: str) -> str:
    return f"regexp_matches({{code}}, {_pattern(pattern)})"


def _pattern(pattern: str) -> str:
    """As a literal whose braces `str.format` leaves alone."""
    return text(pattern).replace("{", "{{").replace("}", "}}")


AGAIN = "export the column again, as text"
LOST = "no definition finds them"
USED = "they are used as they are"
SEPARATED = r"[0-9]{1,3}([,.'’_ \x{a0}\x{202f}][0-9]{3})+([.,][0-9]+)?"
DECIMAL = r"[+-]?[0-9]+([.,][0-9]+([eE][+-]?[0-9]+)?|[.,]?[eE][+-][0-9]+)"
UNSEEN = r"[\x00-\x1f\x7f-\xa0\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202f}\x{2060}\x{feff}\x{fffd}]"
# spreadsheets, and floating point numbers, keep fifteen digits
ROUNDED = "[1-9][0-9]{14}0{1,3}"

# fmt: off
QUOTES = CodeRule("codes in quotes", "they are read without them",
                  Verdict.MENDED, f"regexp_full_match({{stripped}}, {_pattern(QUOTED)})")
MENDS = (
    CodeRule(r"texts for nothing (as NA, NULL, nan, None, \N, - or an empty one)", "they are read as NULL",
             Verdict.MENDED, "{raw} IS NOT NULL AND {code} IS NULL"),
    QUOTES,
    CodeRule("codes with blanks around them", "they are read without them",
             Verdict.MENDED, "{raw} <> {stripped}"),
)
DAMAGE = (
    CodeRule("codes with thousands separators", AGAIN, Verdict.REFUSED, _like(SEPARATED)),
    CodeRule("codes changed by a spreadsheet (E+ or .0)", AGAIN, Verdict.REFUSED, _like(DECIMAL)),
    CodeRule("codes changed by a program (E, as in 1.5E7)", AGAIN, Verdict.REFUSED, _like("[0-9]+[.,]?[eE][0-9]+"),
             (*NUMBERS, CTV3Code)),
    CodeRule("codes with characters in them that cannot be seen", AGAIN, Verdict.REFUSED, _with(UNSEEN)),
    CodeRule("codes with a quote in them", AGAIN, Verdict.REFUSED, _with("[\"'‘’“”]")),
    CodeRule("codes with a leading zero", LOST, Verdict.WARNED, _like("0+[1-9][0-9]{5,17}"), NUMBERS),
    CodeRule("codes with letters", LOST, Verdict.WARNED, _with("[A-Za-z]"), NUMBERS),
    CodeRule("codes shorter than five characters (have they lost their dots?)", LOST, Verdict.WARNED,
             "length({code}) < 5", (CTV3Code,)),
    CodeRule("codes with a dot, which this table has without", LOST, Verdict.WARNED, _like(r"[A-Za-z][0-9]{2}\..*"),
             (ICD10Code, OPCS4Code)),
    CodeRule("codes in small letters", LOST, Verdict.WARNED, "{code} <> upper({code})",
             (ICD10Code, OPCS4Code, BNFCode)),
    CodeRule("not of the form of their coding system", LOST, Verdict.WARNED, "TRUE"),
)
# Of codes that have the form of their coding system.
FORMED = (
    CodeRule("codes whose last digits a spreadsheet made 0", USED, Verdict.WARNED,
             f"{_like(ROUNDED)} AND NOT {has_check_digit('{code}')}", NUMBERS),
    CodeRule("codes with a wrong check digit", USED, Verdict.WARNED, f"NOT {has_check_digit('{code}')}", NUMBERS),
)
# fmt: on
DAMAGES = (*DAMAGE, *FORMED)
# Of a whole column.
PARTLY_QUOTED = CodeRule(
    "codes in quotes, beside others that are in none",
    AGAIN,
    Verdict.REFUSED,
    QUOTES.condition,
)
ONE_CASE = CodeRule(
    "codes with letters, which are all capital or all small (have they lost their "
    "case?)",
    USED,
    Verdict.WARNED,
    _with("[A-Za-z]"),
    (CTV3Code,),
)


@dataclass(frozen=True)
class Spelled:
    """SQL for a stored text in three states."""

    # as it is stored
    raw: str
    # without blanks around it
    stripped: str
    # the code that it means; NULL for none
    code: str

    @classmethod
    def of(cls, raw: str) -> "Spelled":
        stripped = f"trim({raw}, {text(BLANKS)})"
        groups = text(chr(92) + "1" + chr(92) + "2")
        unquoted = f"regexp_replace({stripped}, {text(f'^(?:{QUOTED})$')}, {groups})"
        bare = f"trim({unquoted}, {text(BLANKS)})"
        nothing = ", ".join(map(text, NOTHING))
        return cls(
            raw, stripped, f"CASE WHEN lower({bare}) NOT IN ({nothing}) THEN {bare} END"
        )

    def fits(self, rule: CodeRule) -> str:
        """True of a text that a rule fits."""
        return rule.condition.format(
            raw=self.raw, stripped=self.stripped, code=self.code
        )

    @property
    def mend(self) -> str:
        """The place in MENDS of the rule by which it is mended; NULL for none."""
        return self._first(MENDS)

    def damage(self, system: type[Code]) -> str:
        """The place in DAMAGES of the rule that it breaks; NULL for none."""
        formed = f"regexp_full_match({self.code}, {text(system.pattern.pattern)})"
        well = self._first(FORMED, system, len(DAMAGE))
        badly = self._first(DAMAGE, system)
        return (
            f"CASE WHEN {self.code} IS NULL THEN NULL WHEN {formed} THEN {well} ELSE "
            f"{badly} END"
        )

    def _first(
        self,
        rules: Sequence[CodeRule],
        system: type[Code] | None = None,
        start: int = 0,
    ) -> str:
        """The place of the first rule that fits, counted from `start`."""
        cases = []
        for place, rule in enumerate(rules, start):
            if system is None or rule.holds_for(system):
                cases.append(f"WHEN {self.fits(rule)} THEN {place}")
        return f"CASE {' '.join(cases)} END" if cases else "NULL"


def is_well(raw: str, system: type[Code]) -> str:
    """SQL that is true of a stored text with which nothing is wrong."""
    formed = f"regexp_full_match({raw}, {text(system.pattern.pattern)})"
    return f"{formed} AND {has_check_digit(raw)}" if system in NUMBERS else formed


def in_one_case(code: str) -> str:
    """An aggregate over different codes of CTV3: whether they have lost their case.

    CTV3's own codes begin with an X and count in letters of both cases.
    """
    counted = f"regexp_full_match({code}, '[Xx][0-9A-Za-z]*[A-Za-z][0-9A-Za-z.]*')"
    same = (
        f"bool_and({code} = {case}({code})) FILTER (WHERE {counted})"
        for case in ("upper", "lower")
    )
    return (
        f"coalesce(count_if({counted}) >= {CASELESS} AND ({' OR '.join(same)}), FALSE)"
    )


def mended(raw: str) -> str:
    """SQL for the code that a stored text means; NULL for none."""
    return f"CASE WHEN {is_plain(raw)} THEN {raw} ELSE {Spelled.of(raw).code} END"


def is_plain(raw: str) -> str:
    """SQL that is true only of texts in which nothing is to be mended, and of nearly
    all of these.
    """
    return f"regexp_full_match({raw}, {text(PLAIN)})"
