// What the theme's script makes of code can be reached by keyboard and by readers of the screen: lines that are
// wider than the page are scrolled by arrow keys, and each code's own buttons have a name.
const reachable = () => {
    document.querySelectorAll("pre > code").forEach(code => { code.tabIndex = 0 })
    document.querySelectorAll(".md-code__nav").forEach((each, place) => {
        if (!each.ariaLabel) each.setAttribute("aria-label", `Buttons of code ${place + 1}`)
    })
}
document.addEventListener("DOMContentLoaded", () => {
    reachable()
    new MutationObserver(reachable).observe(document.body, { childList: true, subtree: true })
})
