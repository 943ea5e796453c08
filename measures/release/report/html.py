"""HTML and SVG as text, in which whatever comes from records or authors is text and
nothing else.
"""

from collections.abc import Iterable
from html import escape

# Marks that turn the direction of the text around them are shown as a sign, and turn
# nothing.
TURNING = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
)


class Html(str):
    """Text that is markup already."""


def text(value: object) -> Html:
    """Anything as text that a page shows as it is."""
    if isinstance(value, Html):
        return value
    shown = str(value)
    # nearly all is, and has nothing to hide
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(map(_seen, shown.translate(TURNING)))
    return Html(escape(shown, quote=True))


def _seen(each: str) -> str:
    if each.isprintable() or each in "\n\t\N{NO-BREAK SPACE}":
        return each
    return " " if each.isspace() else "\ufffd"


def tag(name: str, *inside: object, **attributes: object) -> Html:
    """An element; `class_` and `for_` lose their underscore, others become dashes; None
    leaves one out.
    """
    said = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None
    )
    return Html(f"<{name}{said}>{join(inside)}</{name}>")


def mark(name: str, **attributes: object) -> Html:
    """An element of SVG with nothing in it."""
    said = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None
    )
    return Html(f"<{name}{said}/>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return "" if value is False else f' {name}="{text(value)}"'


def join(parts: Iterable[object], between: str = "") -> Html:
    return Html(between.join(text(part) for part in parts))
