"""Made-up sites that mask their counts: people drawn, a round agreed on, keys for
all.
"""

from pathlib import Path

from measures.counts.types import RawCounts
from measures.sites.grid import numbers_of
from measures.sites.keys import OwnKey, PublicKey, make_key
from measures.sites.masking import Masked, as_file, mask
from measures.sites.rounds import MaskedMeasure, Round, new_id
from tests.lib.people_counts import CountsOf

VALUES = {"sex": (None, "f", "m"), "age": (None, "a", "b", "c")}


def agreed_on(
    counts: CountsOf, keys: dict[str, OwnKey], sites: str, place: str, **told: object
) -> Round:
    """A round of these counts; sites have names of one letter."""
    measures = []
    for shape in counts.shapes:
        measures.append(
            MaskedMeasure(
                name=shape.name,
                group_by=shape.group_by,
                calendar=0,
                numerator_people=shape.is_proportion,
                denominator_people=True,
                most=0,
            )
        )
    wanted = {
        "id": new_id(),
        "study": "drawn",
        "definition": "0" * 64,
        "beside": "1",
        "sites": tuple(sites),
        "place": place,
        "keys": {name: key.public.fingerprint for name, key in keys.items()},
        "measures": tuple(measures),
        "calendars": (counts.shapes[0].intervals,),
        "values": VALUES,
    }
    return Round(**{**wanted, **told})  # type: ignore[arg-type]


def keys_of(names: str, folder: Path) -> dict[str, OwnKey]:
    return {name: make_key(name, folder / name) for name in names}


def public(keys: dict[str, OwnKey]) -> dict[str, PublicKey]:
    return {name: key.public for name, key in keys.items()}


def masked_by(
    site: str,
    raw: RawCounts,
    keys: dict[str, OwnKey],
    agreed: Round,
    *,
    made_up: bool = False,
) -> Masked:
    return mask(
        numbers_of(raw.table, agreed), keys[site], public(keys), agreed, made_up=made_up
    )


def sent_by(
    site: str, raw: RawCounts, keys: dict[str, OwnKey], agreed: Round, folder: Path
) -> Path:
    """The file that a site sends."""
    path = folder / f"{site}.masked"
    path.write_bytes(
        as_file(masked_by(site, raw, keys, agreed), keys[site], public(keys), agreed)
    )
    return path
