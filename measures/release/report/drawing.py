"""Specifications drawn as SVG, in processes of their own, and only those that were not
drawn before.
"""

import hashlib
import json
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

Spec = dict[str, Any]
FEW = 24  # charts; fewer are drawn before a second process has started


def draw(
    specs: Sequence[Spec], kept: Path | None = None, processes: int = 2
) -> list[str]:
    """The SVG of each, as Vega writes it. `kept`: a folder of those that were drawn
    before, by content.
    """
    if kept is not None:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    texts = [json.dumps(spec, sort_keys=True) for spec in specs]
    found = [_kept(kept, text) for text in texts]
    wanted = list(
        dict.fromkeys(
            text for text, svg in zip(texts, found, strict=True) if svg is None
        )
    )
    made = dict(zip(wanted, _drawn(wanted, processes), strict=True))
    for text, svg in made.items():
        _keep(kept, text, svg)
    return [
        svg if svg is not None else made[text]
        for text, svg in zip(texts, found, strict=True)
    ]


def _drawn(texts: Sequence[str], processes: int) -> list[str]:
    if len(texts) <= FEW or processes < 2:
        return [draw_one(text) for text in texts]
    with suppress(BrokenProcessPool):  # one of them was killed: then here, one by one
        return _in_pool(texts, processes)
    return [draw_one(text) for text in texts]


def _in_pool(texts: Sequence[str], processes: int) -> list[str]:
    # Spawned: a copy of a process with threads may hang. Ctrl-C is not for them.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), signal.signal, deaf
    ) as pool:
        return list(
            pool.map(draw_one, texts, chunksize=max(1, len(texts) // (4 * processes)))
        )


def _vl_convert() -> ModuleType:
    """Its JavaScript engine takes half a second to load, which only those who draw
    should wait for.
    """
    return import_module("vl_convert")


def draw_one(text: str) -> str:
    """The SVG of one specification."""
    return str(_vl_convert().vegalite_to_svg(text, vl_version=VEGA_LITE))


VEGA_LITE = "6.1"
SHARP = 2.0  # pixels of a PNG to one of the drawing


def as_png(svg: str) -> bytes:
    """A drawing for slides."""
    return bytes(_vl_convert().svg_to_png(svg, scale=SHARP))


def _place(kept: Path, text: str) -> Path:
    words = f"{version('vl-convert-python')} {text}"
    return kept / f"{hashlib.sha256(words.encode()).hexdigest()}.svg"


def _kept(kept: Path | None, text: str) -> str | None:
    if kept is None:
        return None
    path = _place(kept, text)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _keep(kept: Path | None, text: str, svg: str) -> None:
    if kept is None:
        return
    path = _place(kept, text)
    beside = path.with_suffix(".new")
    try:
        beside.write_text(svg, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)  # half a drawing, where the disk is full
