// A page that is opened from disk may not start a worker. Here its script runs in a hidden frame instead,
// so that the search of the documentation works without a server. On a server nothing changes.
if (location.protocol === "file:") {
    window.Worker = class extends EventTarget {
        constructor(address) {
            super()
            this.waiting = []
            const frame = document.createElement("iframe")
            frame.hidden = true
            const begin = () => {
                document.body.append(frame)
                this.inside = frame.contentWindow
                this.inside.postMessage = data => this.hear(data)
                const script = this.inside.document.createElement("script")
                script.src = address
                script.onload = () => {
                    this.ready = true
                    this.waiting.splice(0).forEach(data => this.postMessage(data))
                }
                this.inside.document.head.append(script)
            }
            document.body ? begin() : addEventListener("DOMContentLoaded", begin)
        }
        hear(data) {
            const message = new MessageEvent("message", { data })
            setTimeout(() => {
                this.dispatchEvent(message)
                if (this.onmessage) this.onmessage(message)
            })
        }
        postMessage(data) {
            if (!this.ready) return this.waiting.push(data)
            this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data }))
        }
        terminate() {}
    }
}
