"""From the bundle's rows to families of figures, in the order of the release."""

from itertools import chain

from measures.counts.columns import Kind
from measures.release.report.inputs import Bundle
from measures.release.report.parts import Family, Figure, Panel, Rounding
from measures.release.words import MeasureWords, Phase, plain, shared_unit


def families(bundle: Bundle) -> list[Family]:
    """Measures that ask one question come together; without the run's word for it each
    is alone.
    """
    together: dict[object, list[str]] = {}
    for name in bundle.measures:
        asked = bundle.asked.get(name)
        together.setdefault(asked.family if asked else name, []).append(name)
    return [_family(bundle, names) for names in together.values()]


def _family(bundle: Bundle, names: list[str]) -> Family:
    first = next((name for name in names if not bundle.group_by[name]), names[0])
    # what is said of the total holds for its groups, unless they say it themselves
    shared = bundle.words.of(first)
    figures = [_figure(bundle, name, shared) for name in names]
    figures.sort(key=lambda figure: bool(figure.group_by))  # stable: the total first
    return Family(
        key=first,
        title=shared.title or plain(first),
        sentence=shared.sentence,
        figures=tuple(figures),
    )


def _figure(bundle: Bundle, name: str, shared: MeasureWords) -> Figure:
    words, columns = bundle.words.of(name), bundle.group_by[name]
    panels = []
    for group, points in bundle.measures[name].items():
        panels.append(_panel(bundle, columns, group, points))
    compared = words if words.baseline else shared
    return Figure(
        measure=name,
        group_by=columns,
        title=words.title or shared.title or plain(name),
        by=" and ".join(bundle.words.group_title(each) for each in columns),
        unit=shared_unit(words, shared, mean=_is_mean(bundle, name)),
        panels=tuple(panels),
        phases=_within(bundle.words.phases, panels),
        rounding=_rounding(bundle, name),
        baseline=compared.baseline,
        compare=compared.compare,
        spc=words.spc,
        rebase=words.rebase,
        funnel=words.funnel,
        ranks=words.ranks,
    )


def _rounding(bundle: Bundle, name: str) -> Rounding | None:
    known = bundle.manifest.get("measures", {}).get(name)
    if known is None or known["kind"] == Kind.MEAN:
        return None
    below, above = known["off"]["numerator"]
    fewer, more = known["off"]["denominator"]
    return Rounding((below, above), (fewer, more), events=known["kind"] == Kind.RATE)


def _panel(
    bundle: Bundle, columns: tuple[str, ...], group: tuple[object, ...], points: list
) -> Panel:
    named = list(zip(columns, group, strict=True))
    labels = [bundle.words.value_label(name, value) for name, value in named]
    if len(named) == 1 and not isinstance(group[0], bool):
        label = labels[0]
    else:
        label = ", ".join(
            f"{bundle.words.group_title(name)}: {each}"
            for (name, _), each in zip(named, labels, strict=True)
        )
    return Panel(label, group, tuple(points))


def _within(phases: tuple[Phase, ...], panels: list[Panel]) -> tuple[Phase, ...]:
    """Those that the figure's periods reach."""
    points = list(chain.from_iterable(panel.points for panel in panels))
    first, last = (
        min(point.start for point in points),
        max(point.end for point in points),
    )
    found = []
    for phase in phases:
        if phase.start <= last and phase.end >= first:
            found.append(phase)
    return tuple(found)


def _is_mean(bundle: Bundle, name: str) -> bool:
    asked = bundle.asked.get(name)
    if asked:
        return asked.mean
    return bundle.manifest.get("measures", {}).get(name, {}).get("kind") == Kind.MEAN
