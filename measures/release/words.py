"""What the author says of a study and its measures, read back from the bundle; plain
defaults without it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PER = 1000


@dataclass(frozen=True)
class Phase:
    """A span of time that the author names."""

    # the first day, which belongs to it
    start: datetime.date
    # the last day, which belongs to it
    end: datetime.date
    # what the author calls it
    words: str


@dataclass(frozen=True)
class Unit:
    """How a reader sees a ratio."""

    # what the ratio is multiplied by, as 1,000; 1: shown as it is
    per: int
    # what comes behind the number, as `per 1,000`
    words: str


@dataclass(frozen=True)
class MeasureWords:
    """What the author says of one measure; empty where nothing is said."""

    # what readers see in place of its name
    title: str = ""
    # what it means, below the title
    sentence: str = ""
    # how many people a rate is out of; 0: not said, so 1,000
    per: int = 0
    # the words behind the number; "": made from `per`
    unit: str = ""
    # the first day of the period that others are compared with; None: none
    baseline: datetime.date | None = None
    # the first days of the periods that are compared with it
    compare: tuple[datetime.date, ...] = ()
    # whether a chart of unusual variation is wanted
    spc: bool = False
    # the first days of the periods where its limits begin anew
    rebase: tuple[datetime.date, ...] = ()
    # which way is better: `increase`, `decrease`, or `neutral`: neither is
    direction: str = "neutral"
    # of a measure by group: whether a funnel of the groups is wanted
    funnel: bool = False
    # of a measure by group: whether a table of ranks and shares is wanted
    ranks: bool = False


@dataclass(frozen=True)
class GroupWords:
    """What the author says of a group; empty where nothing is said."""

    # what readers see in place of its name
    title: str = ""
    # what it means
    sentence: str = ""
    # value, as `as_key` writes it -> what readers see in its place
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StudyWords:
    """What the author says of the whole study; empty where nothing is said."""

    # what readers see in place of its name
    title: str = ""
    # what the study is about
    sentence: str = ""
    # whom readers may ask
    contact: str = ""
    # the names of the measures that come first in the report
    headline: tuple[str, ...] = ()
    # spans of time that charts shade
    phases: tuple[Phase, ...] = ()
    # name of a measure -> what is said of it; others have no words
    measures: Mapping[str, MeasureWords] = field(default_factory=dict)
    # name of a group -> what is said of it; others have no words
    groups: Mapping[str, GroupWords] = field(default_factory=dict)

    def of(self, measure: str) -> MeasureWords:
        return self.measures.get(measure, MeasureWords())

    def group(self, name: str) -> GroupWords:
        return self.groups.get(name, GroupWords())

    def group_title(self, name: str) -> str:
        return self.group(name).title or plain(name)

    def value_label(self, name: str, value: object) -> str:
        """A value of a group in words; `missing` for none."""
        if value is None:
            return "missing"
        said = self.group(name).labels.get(as_key(value))
        if said:
            return said
        return (
            {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        )


def as_key(value: object) -> str:
    """What an author's labels call a value: True and False as Python has them."""
    return str(value)


def plain(name: str) -> str:
    """A name of the definition with spaces, so that it can break."""
    return name.replace("_", " ")


def unit_of(words: MeasureWords, *, mean: bool) -> Unit:
    """How a reader sees the measure's ratio: as the author says, else per 1,000; a mean
    as it is.
    """
    if mean:
        return Unit(1, words.unit or "mean")
    per = words.per or PER
    if per == 1 and not words.unit:
        return Unit(1, "ratio")
    if per == 100 and not words.unit:
        return Unit(100, "per cent")
    return Unit(per, words.unit or f"per {per:,}")


def shared_unit(words: MeasureWords, total: MeasureWords, *, mean: bool) -> Unit:
    """What is said of a measure, or where nothing is, of the total of its family."""
    return unit_of(words if words.unit or words.per else total, mean=mean)


def study_words(said: Mapping[str, Any]) -> StudyWords:
    """The section `described` of a bundle's asked.json."""
    phases = []
    for start, end, words in said.get("phases", ()):
        phases.append(Phase(_date(start), _date(end), words))
    return StudyWords(
        title=said.get("title", ""),
        sentence=said.get("sentence", ""),
        contact=said.get("contact", ""),
        headline=tuple(said.get("headline", ())),
        phases=tuple(phases),
        measures={
            name: _measure_words(each)
            for name, each in said.get("measures", {}).items()
        },
        groups={
            name: GroupWords(**each) for name, each in said.get("groups", {}).items()
        },
    )


def _measure_words(said: Mapping[str, Any]) -> MeasureWords:
    dates: dict[str, Any] = {}
    for key in ("compare", "rebase"):
        if key in said:
            dates[key] = tuple(map(_date, said[key]))
    if said.get("baseline"):
        dates["baseline"] = _date(said["baseline"])
    return MeasureWords(**{**said, **dates})


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
