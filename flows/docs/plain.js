// Sections that hold every word that is typed; those that have them in their heading come first.
const asked = document.getElementById("asked")
const found = document.getElementById("found")
const MOST = 12

function rank(entry, words) {
    const heading = entry.heading.toLowerCase()
    const text = `${heading} ${entry.page} ${entry.text}`.toLowerCase()
    if (!words.every(word => text.includes(word))) return 0
    return 1 + words.filter(word => heading.includes(word)).length
}

asked.addEventListener("input", () => {
    const words = asked.value.toLowerCase().split(/\s+/).filter(Boolean)
    const ranked = words.length ? index_of_site.map(entry => [rank(entry, words), entry]) : []
    const best = ranked.filter(each => each[0]).sort((a, b) => b[0] - a[0]).slice(0, MOST)
    found.replaceChildren(...best.map(([, entry]) => {
        const link = document.createElement("a")
        link.href = top_of_site + entry.place
        link.textContent = entry.heading === entry.page ? entry.page : `${entry.page}: ${entry.heading}`
        const item = document.createElement("li")
        item.append(link)
        return item
    }))
    if (words.length && !best.length) found.textContent = "Nothing has all of these words."
})
