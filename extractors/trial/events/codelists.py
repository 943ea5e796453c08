"""From the wished codelists of a column to streams of events: who recognises which
list.

A code belongs to one stream only, so that a list and its parts, or its single codes, do
not count twice: the lists are taken from the largest down, and each takes what is left
of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from zlib import crc32

import numpy as np

from extractors.trial.beginnings import ALWAYS, since
from extractors.trial.days import Span
from extractors.trial.events.known import (
    Ethnicities,
    Smoking,
    Vaccinated,
    usual_ethnicities,
)
from extractors.trial.events.measuring import quantities_of
from extractors.trial.events.prescribing import Prescriptions
from extractors.trial.events.streams import (
    UNKNOWN_VALUE,
    YEARS_BEFORE,
    History,
    Recordings,
    Stream,
)
from extractors.trial.people import england, smoking, vaccines
from extractors.trial.people.clinic import ACTIVITIES, RECOVERY, Activity, Condition
from extractors.trial.people.diseases import (
    BY_NAME,
    KNOWN_CONDITIONS,
    TREATMENTS,
    Treatment,
)
from extractors.trial.people.quantities import PAIRS, Quantity

# a list of so many codes is taken for a condition, a smaller one for something that is
# done
LARGE = 20
USUAL = frozenset(chain.from_iterable(each.known for each in ACTIVITIES))


def _without_doses() -> Iterator[tuple[str, tuple[str, None]]]:
    """Code -> vaccine, of those that are given once or every year."""
    for name, codes in vaccines.CODES.items():
        for code in codes:
            yield code, (name, None)


# Code of a vaccination -> which vaccine; of COVID-19 which dose, too.
VACCINES: Mapping[str, tuple[str, int | None]] = {
    **dict(_without_doses()),
    **dict.fromkeys(vaccines.COVID_CODES[0], (vaccines.COVID, 0)),
    **dict.fromkeys(vaccines.COVID_CODES[1], (vaccines.COVID, 1)),
    **dict.fromkeys(vaccines.COVID_CODES[2], (vaccines.COVID, 2)),
}
ETHNICITY = frozenset(chain.from_iterable(england.ETHNICITY_CODES.values()))


def streams_of(
    codelists: Sequence[tuple[str, ...]], place: Mapping[str, int], span: Span
) -> list[Stream]:
    """The streams that leave all codes of these codelists; `place` gives each code's
    position.

    Known activities come first and once, however their codes are spread over lists:
    their packs belong together.
    """
    left = {code: place[code] for code in chain.from_iterable(codelists)}
    measures = quantities_of(codelists)
    streams: list[Stream] = []
    for activity in ACTIVITIES:
        others = _listed_beside(activity, codelists)
        if done := _take(left, (*activity.known, *others)):
            streams.append(_recordings(activity, done, others, span))
    for pair in PAIRS:
        if set(pair) <= left.keys():
            streams.append(
                _measurements(measures[pair[0]], [pair], _take(left, pair), span)
            )
    for codelist in codelists:
        if own := _take(left, codelist):
            streams.append(_stream_of(own, measures, span))
    return streams


def drug_streams_of(
    codelists: Sequence[tuple[str, ...]],
    place: Mapping[str, int],
    indications: Sequence[Condition],
) -> list[Stream]:
    """The streams of drugs. `indications`: the conditions that the same definition
    looks for.
    """
    left = {code: place[code] for code in chain.from_iterable(codelists)}
    streams: list[Stream] = []
    for codelist in codelists:
        if own := _take(left, codelist):
            streams.append(_prescriptions(own, indications))
    return streams


def conditions_of(codelists: Iterable[tuple[str, ...]]) -> list[Condition]:
    """The conditions that these lists are of, each once: why drugs are taken."""
    found = {}
    for codes in codelists:
        condition = _condition_of(dict.fromkeys(codes, 0), quantities_of([codes]))
        if condition is not None:
            found[condition.name] = condition
    return list(found.values())


def _listed_beside(
    activity: Activity, codelists: Sequence[tuple[str, ...]]
) -> list[str]:
    """Codes that mean an activity because they are in a list with one of its own; the
    usual ones first.
    """
    found: set[str] = set()
    for codes in codelists:
        if activity.whole and not set(activity.known).isdisjoint(codes):
            found.update(codes)
    return _by_use(dict.fromkeys(found - set(activity.known), 0))


def _take(left: dict[str, int], codes: Sequence[str]) -> dict[str, int]:
    """Those of the codes that no activity has taken yet; they are then taken."""
    return {code: left.pop(code) for code in codes if code in left}


def _stream_of(
    own: Mapping[str, int], measures: Mapping[str, Quantity], span: Span
) -> Stream:
    if ETHNICITY & own.keys():
        return Ethnicities(list(own.values()), usual_ethnicities(own))
    if smoking.STATUS_OF.keys() & own.keys():
        return _smoking(own)
    if vaccinated := _vaccinated(own):
        return vaccinated
    if condition := _condition_of(own, measures):
        return _history(condition, own)
    quantities = {
        measures[code].name: measures[code] for code in own if code in measures
    }
    if quantities:
        quantity = next(iter(quantities.values()))
        return _measurements(
            quantity, [(code,) for code in _by_use(own, quantity.known)], own, span
        )
    return _some_recordings(own, span)


def _condition_of(
    own: Mapping[str, int], measures: Mapping[str, Quantity]
) -> Condition | None:
    """The condition that the codes are of: a known one, or some where they are many and
    measure nothing.
    """
    if condition := _recognised(own):
        return condition
    if len(own) < LARGE or measures.keys() & own.keys() or is_known(own):
        return None
    return _some_condition(own)


def condition_name(codes: Iterable[str]) -> str:
    """The known condition that a list is of; empty if it is of none."""
    found = _recognised(dict.fromkeys(codes, 0))
    return found.name if found else ""


def is_known(codes: Iterable[str]) -> bool:
    """Whether people are known to have or to be what some of the codes say."""
    known = ETHNICITY | smoking.STATUS_OF.keys() | VACCINES.keys() | USUAL
    return not known.isdisjoint(codes)


def treated_by(drugs: Iterable[str]) -> Treatment | None:
    """What is known of why people take the drugs of a list; None if nothing is."""
    codes = set(drugs)
    return next((each for each in TREATMENTS if not codes.isdisjoint(each.known)), None)


def _recognised(codes: Mapping[str, int]) -> Condition | None:
    hits = [len(set(condition.known) & codes.keys()) for condition in KNOWN_CONDITIONS]
    return KNOWN_CONDITIONS[int(np.argmax(hits))] if max(hits) else None


def _smoking(own: Mapping[str, int]) -> Smoking:
    """Unknown codes say the same as the known ones of the list, if these say one
    thing.
    """
    said = {smoking.STATUS_OF[code] for code in own if code in smoking.STATUS_OF}
    positions: dict[int, list[int]] = {status: [] for status in said}
    for code in _by_use(own, tuple(smoking.STATUS_OF)):
        status = smoking.STATUS_OF.get(code)
        if status is None:
            status = sorted(said)[crc32(code.encode()) % len(said)]
        positions[status].append(own[code])
    return Smoking(positions)


def _vaccinated(own: Mapping[str, int]) -> Vaccinated | None:
    """Doses of the vaccine that most of the codes are of; a list of all doses of one
    has each of them.
    """
    hits = [VACCINES[code] for code in own if code in VACCINES]
    if not hits:
        return None
    vaccine = max(
        sorted({name for name, _ in hits}), key=[name for name, _ in hits].count
    )
    doses = {nth for name, nth in hits if name == vaccine}
    usual = tuple(code for code in VACCINES if VACCINES[code][0] == vaccine)
    nth = doses.pop() if len(doses) == 1 else None
    return Vaccinated(vaccine, [own[code] for code in _by_use(own, usual)], nth)


def _prescriptions(
    own: Mapping[str, int], indications: Sequence[Condition]
) -> Prescriptions:
    """For what the drugs are known for, else one of the conditions that the definition
    looks for, or their own.
    """
    positions = [own[code] for code in _by_use(own)]
    first = min(map(since, own), default=ALWAYS)
    if treatment := treated_by(own):
        return Prescriptions(
            BY_NAME[treatment.condition],
            positions,
            first,
            treatment.takes,
            treatment.stops,
        )
    if indications:
        chosen = indications[int(_luck(own) * len(indications)) % len(indications)]
        return Prescriptions(chosen, positions, first)
    return Prescriptions(_some_condition(own), positions, first, takes=0.9)


def _history(condition: Condition, codes: Mapping[str, int]) -> History:
    return History(condition, [codes[code] for code in _by_use(codes, condition.known)])


def _by_use(codes: Mapping[str, int], usual: tuple[str, ...] = ()) -> list[str]:
    """The usual codes first; the others in an order that has nothing to do with their
    digits.
    """
    rank = {code: position for position, code in enumerate(usual)}
    return sorted(
        codes, key=lambda code: (rank.get(code, len(rank)), crc32(code.encode()), code)
    )


def _measurements(
    quantity: Quantity,
    packs: Sequence[Sequence[str]],
    codes: Mapping[str, int],
    span: Span,
) -> Recordings:
    """What is measured; `Meter` gives it its values."""
    activity = Activity(
        quantity.name,
        (),
        rate=quantity.rate,
        level=RECOVERY,
        age=quantity.age,
        users=quantity.users,
        boost=quantity.boost,
    )
    positions = np.array([[codes[code] for code in pack] for pack in packs], np.int32)
    return Recordings(activity, span, positions, {}, years_before=YEARS_BEFORE)


def _recordings(
    activity: Activity, codes: Mapping[str, int], others: Sequence[str], span: Span
) -> Recordings:
    """Whole packs, of which only the wished codes are written; each of the `others` is
    a pack.
    """
    packed = (*activity.packs, *((code,) for code in others))
    width = max(len(pack) for pack in packed)
    wished = [[codes.get(code, -1) for code in pack] for pack in packed]
    packs = [pack + [-1] * (width - len(pack)) for pack in wished]
    return Recordings(activity, span, np.array(packs, np.int32), {})


def _some_recordings(codes: Mapping[str, int], span: Span) -> Recordings:
    """Codes that are not known here: something done all year, less so in spring 2020,
    half of it measured.
    """
    luck = _luck(codes)
    rate, age = 0.1 + 0.3 * luck, ((0, 0.5), (80, 1.5))
    activity = Activity("other", (), rate=rate, level=RECOVERY, age=age, users=0.4)
    packs = np.array([[codes[code]] for code in _by_use(codes)], np.int32)
    values = dict.fromkeys(codes.values(), UNKNOWN_VALUE) if luck < 0.5 else {}
    return Recordings(activity, span, packs, values, years_before=YEARS_BEFORE)


def _some_condition(codes: Mapping[str, int]) -> Condition:
    """Unknown codes: a few people in a hundred have them, in one year as in another."""
    share = 0.02 + 0.06 * _luck(codes)
    age = ((0, 0.0), (1, share / 8), (40, share), (80, 2.5 * share))
    name = f"other {crc32(' '.join(sorted(codes)).encode())}"
    return Condition(name, (), age, since=min(map(since, codes), default=ALWAYS))


def _luck(codes: Mapping[str, int]) -> float:
    """A number from 0 to 1 that depends on nothing but the codes."""
    return crc32(" ".join(sorted(codes)).encode()) / 2**32
