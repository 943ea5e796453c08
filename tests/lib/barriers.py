"""What keeps people from reading a page."""

from importlib.resources import files

from tests.lib.browser import Browser


def barriers(page: Browser) -> list:
    """What keeps people from reading a page, as axe finds it."""
    page.run(
        files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    )
    # Chromium blocks what a page's policy does not name; this script came past it, and
    # asks past it
    page.run(
        """window.found = null
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
        // rows of a table are alike, and a thousand of them take axe a minute
        const some = {include: [['html']], exclude: [['tbody tr:nth-child(n+6)']]}
        axe.run(some, {runOnly: tags}).then(said => { window.found = said.violations })"""
    )
    page.wait_until(lambda: page.run("return window.found !== null"), "what axe found")
    return list(
        page.run(
            "return window.found.map(each => [each.id, each.help, "
            "each.nodes[0].html, each.nodes.length])"
        )
    )
