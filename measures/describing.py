"""What an author says of a study and its measures for people who read the release; no
number depends on it.

It travels as plain data out of the closed process, where it is checked as the author's
lines run, and once more as if a stranger had sent it.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from extractors.model.nearest import nearest

MOST_TITLE = 200
MOST_SENTENCE = 2_000
MOST_THINGS = 1_000
DIRECTIONS = ("neutral", "increase", "decrease")
# rates by person-days are given per 36,525,000 of them, which are 100,000 years
MOST_PER = 100_000_000
PHASE = 3  # from, to, words


def describe(
    into: dict[str, Any], measure: str | None, said: Mapping[str, Any]
) -> None:
    """Add what is said of a measure, or (None) of the study. What was said before is
    kept where nothing new is.
    """
    known = STUDY if measure is None else MEASURE
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name not in known:
            close = nearest(name, known)
            hint = (
                f"did you mean {close!r}?" if close else f"it takes {', '.join(known)}"
            )
            raise TypeError(f"describe() does not know {name!r}; {hint}")
        found[name] = known[name](name, value)
    if measure is None:
        into.update(found)
    elif not isinstance(measure, str):
        raise TypeError("describe() takes the name of a measure, as a string, or none")
    else:
        into.setdefault("measures", {}).setdefault(measure, {}).update(found)


def checked(data: Any, measures: Sequence[str]) -> dict[str, Any]:
    """What came out of a closed process, if it is what `describe` makes of words about
    these measures.
    """
    if not isinstance(data, Mapping):
        raise TypeError("what the author says is no mapping")
    found: dict[str, Any] = {}
    describe(
        found, None, {name: value for name, value in data.items() if name != "measures"}
    )
    for name, said in data.get("measures", {}).items():
        _refuse_unknown(name, measures)
        describe(found, name, said)
    for name in found.get("headline", ()):
        _refuse_unknown(name, measures)
    return found


def _refuse_unknown(name: str, measures: Sequence[str]) -> None:
    if name not in measures:
        close = nearest(name, measures)
        hint = f"; did you mean {close!r}?" if close else ""
        raise ValueError(
            f"describe() speaks of a measure {name!r:.200}, which is not defined{hint}"
        )


# Each kind of word --------------------------------------------------------------------


def _title(name: str, value: Any) -> str:
    return _text(name, value, MOST_TITLE)


def _sentence(name: str, value: Any) -> str:
    return _text(name, value, MOST_SENTENCE)


def _text(name: str, value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {type(value).__name__}")
    if len(value) > most:
        raise ValueError(f"{name} has {len(value):,} characters; {most:,} are the most")
    return value


def _day(name: str, value: Any) -> str:
    if type(value) is datetime.date:
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(
            f'{name} needs a day such as "2019-04-01", got {value!r:.80}'
        ) from None


def _list(name: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{name} needs a list, got {type(value).__name__}")
    if len(value) > MOST_THINGS:
        raise ValueError(
            f"{name} has {len(value):,} entries; {MOST_THINGS:,} are the most"
        )
    return value


def _days(name: str, value: Any) -> list[str]:
    return [_day(name, each) for each in _list(name, value)]


def _names(name: str, value: Any) -> list[str]:
    return [_text(name, each, MOST_TITLE) for each in _list(name, value)]


def _phases(name: str, value: Any) -> list[list[str]]:
    found: list[list[str]] = []
    for phase in _list(name, value):
        if not isinstance(phase, list | tuple) or len(phase) != PHASE:
            raise TypeError(
                f"{name} needs (from, to, words) for each phase, got {phase!r:.80}"
            )
        start, end, words = phase
        span = [_day(name, start), _day(name, end)]
        if span[0] > span[1]:
            raise ValueError(f"the phase {words!r:.80} ends before it starts")
        found.append([*span, _text(name, words, MOST_TITLE)])
    return found


def _groups(name: str, value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise TypeError(
            f"{name} needs a dict from names of groups, got {type(value).__name__}"
        )
    found: dict[str, dict[str, Any]] = {}
    for group, said in value.items():
        found[_text("a group", group, MOST_TITLE)] = _group(group, said)
    return found


def _group(name: str, said: Any) -> dict[str, Any]:
    if isinstance(said, str):
        return {"title": _title(name, said)}
    if not isinstance(said, Mapping) or not set(said) <= {
        "title",
        "sentence",
        "labels",
    }:
        raise TypeError(
            f"the group {name!r} needs a title, or a dict of title, sentence and labels"
        )
    found: dict[str, Any] = {}
    if "title" in said:
        found["title"] = _title("title", said["title"])
    if "sentence" in said:
        found["sentence"] = _sentence("sentence", said["sentence"])
    if "labels" in said:
        labels = said["labels"]
        if not isinstance(labels, Mapping):
            raise TypeError(f"labels of {name!r} need a dict from values to words")
        found["labels"] = {
            str(key): _title("a label", words) for key, words in labels.items()
        }
    return found


def _per(name: str, value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MOST_PER:
        raise ValueError(
            f"{name} needs a whole number from 1 to {MOST_PER:,}, got {value!r:.80}"
        )
    return value


def _yes_or_no(name: str, value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(f"{name} is True or False, got {value!r:.80}")
    return value


def _direction(name: str, value: Any) -> str:
    if value not in DIRECTIONS:
        raise ValueError(f"{name} is one of {', '.join(DIRECTIONS)}, got {value!r:.80}")
    return str(value)


Check = Callable[[str, Any], Any]
STUDY: dict[str, Check] = {
    "title": _title,
    "sentence": _sentence,
    "contact": _title,
    "headline": _names,
    "phases": _phases,
    "groups": _groups,
}
MEASURE: dict[str, Check] = {
    "title": _title,
    "sentence": _sentence,
    "per": _per,
    "unit": _title,
    "baseline": _day,
    "compare": _days,
    "spc": _yes_or_no,
    "rebase": _days,
    "direction": _direction,
    "funnel": _yes_or_no,
    "ranks": _yes_or_no,
}
