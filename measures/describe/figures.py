"""The charts of a data report: bars of the values of a variable, lines of codes over
time.
"""

from collections.abc import Mapping
from dataclasses import replace

from measures.describe.found import Described, FoundCodes, Report
from measures.describe.outline import Codes
from measures.describe.saying import value
from measures.release.report.families import families
from measures.release.report.inputs import Bundle
from measures.release.report.parts import Figure, Panel, Point, figures_of

MOST_BARS = 40  # of a variable; its table has all values
MOST_PANELS = 24  # of a codelist, of the codes that are found most; the table has all


def figures_of_report(report: Report, bundle: Bundle) -> dict[str, Figure]:
    """By the measure that a chart shows, or `by_code` of it."""
    known = {figure.measure: figure for figure in figures_of(families(bundle))}
    found: dict[str, Figure] = {}
    for described in report.variables:
        if figure := known.get(described.variable.measure):
            found[figure.measure] = _bars(figure, described)
    for codes in report.codelists:
        if figure := known.get(codes.codes.patients):
            found[figure.measure] = figure
        if panels := _of_codes(codes, known):
            found[by_code(codes.codes)] = panels
    return found


def by_code(codes: Codes) -> str:
    """The name of the chart of single codes."""
    return f"{codes.ever}.by_code"


def _bars(figure: Figure, described: Described) -> Figure:
    """In the order of the variable, or the most frequent ones first, and who has no
    value at the end.
    """
    panels = {panel.group[0]: panel for panel in figure.panels}
    listed = [panels[each.value] for each in described.values if each.value in panels]
    if not described.ordered:
        listed.sort(key=_people, reverse=True)
    chosen = [_counted(panel) for panel in listed[:MOST_BARS]]
    if None in panels:
        chosen.append(_counted(panels[None]))
    return replace(figure, panels=tuple(chosen))


def _counted(panel: Panel) -> Panel:
    """A bar is as long as its count, also where so few are counted that no rate of
    theirs is released.

    What is yes or no, the title of the chart says already.
    """
    answer = panel.group[0]
    label = value(answer) if isinstance(answer, bool) else panel.label
    return replace(panel, label=label, points=tuple(map(_whole, panel.points)))


def _whole(point: Point) -> Point:
    """All who have a value are all who have it."""
    if point.numerator is None or point.denominator is None:
        return point
    return replace(point, ratio=1.0, at_least=1.0, at_most=1.0)


def _people(panel: Panel) -> int:
    return panel.points[0].numerator or 0


def _of_codes(found: FoundCodes, known: Mapping[str, Figure]) -> Figure | None:
    """A panel for each code that is found, those of most people first."""
    panels: list[Panel] = []
    for code in found.codes.codes:
        figure = known.get(code.measure)
        if figure and any(point.numerator for point in figure.panels[0].points):
            panels.append(Panel(code.code, (code.code,), figure.panels[0].points))
    if not panels:
        return None
    panels.sort(key=_hits, reverse=True)
    whole = known[found.codes.patients]
    return replace(
        whole,
        measure=by_code(found.codes),
        group_by=("code",),
        by="code",
        panels=tuple(panels[:MOST_PANELS]),
    )


def _hits(panel: Panel) -> int:
    return sum(point.numerator or 0 for point in panel.points)
