"""What the marks of charts mean."""

from collections.abc import Iterable, Sequence

from measures.release.report import numbers
from measures.release.report.html import Html, mark, tag
from measures.release.report.parts import Figure
from measures.release.report.specification import letter
from measures.release.words import Phase

VARIATION_KEY = (
    (mark("path", class_="m", d="M2,7H28"), "mean"),
    (mark("path", class_="k", d="M2,7H28"), "limits of usual variation"),
    (mark("path", class_="s", d="M15,2L20,7L15,12L10,7Z"), "unusual"),
)


def key(figures: Sequence[Figure]) -> Html:
    """What the marks of a chart mean, with the words of its phases."""
    rows = [
        (mark("path", class_="l", d="M2,7H28"), "released rate"),
        (
            mark("path", class_="b", d="M2,3H28V11H2Z"),
            "where the true rate lies, whatever rounding did",
        ),
        (mark("path", class_="w", d="M4,11H26"), "withheld: too few people to show"),
    ]
    # a phase that several figures have is one entry of the key
    phases: dict[str, Phase] = {}
    for figure in figures:
        phases |= {phase.words: phase for phase in figure.phases}
    for number, phase in enumerate(phases.values()):
        words = (
            f"{letter(number)}: {phase.words}, {numbers.day(phase.start)} to "
            f"{numbers.day(phase.end)}"
        )
        rows.append((mark("path", class_="p", d="M2,0H28V14H2Z"), words))
    return key_of(rows)


def key_of(rows: Iterable[tuple[Html, str]]) -> Html:
    """Each mark with its words."""
    return tag(
        "ul", *(tag("li", _sample(shape), words) for shape, words in rows), class_="key"
    )


def _sample(shape: Html) -> Html:
    return tag("svg", shape, viewBox="0 0 30 14", aria_hidden="true")
