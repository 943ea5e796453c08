"""Who may ask a Prefect server: only who has the word, and no page of another
server.
"""

import hmac

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.prefect_server.asking import authorization

CORS = b"access-control-"
OTHERS = (b"cross-site", b"same-site")  # as a browser says it, and no page can
READING = ("GET", "HEAD", "OPTIONS")


def without_cors(app: ASGIApp) -> ASGIApp:
    """An application that answers as `app` does, and lets no page of another server
    read the answers.

    Prefect would let all of them.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_less(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = []
                for each in message.get("headers", ()):
                    if not each[0].lower().startswith(CORS):
                        headers.append(each)
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_less)

    return answer


def needs_word(app: ASGIApp, word: str) -> ASGIApp:
    """An application that answers nothing at all without the word; Prefect answers some
    paths.

    Of its websockets Prefect asks for the word itself: as their first message.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not shows_word(scope, word):
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return answer


def shows_word(scope: Scope, word: str) -> bool:
    """Whether a request shows the word."""
    shown = dict(scope.get("headers", ())).get(b"authorization", b"")
    return hmac.compare_digest(shown, authorization(word).encode())


def from_another_page(scope: Scope) -> bool:
    """Whether a browser sends this for a page of another server, and it is to change
    something.

    A browser that has been asked for the word shows it with whatever it sends here,
    also for others' pages.
    """
    site = dict(scope.get("headers", ())).get(b"sec-fetch-site", b"")
    return site in OTHERS and scope["method"] not in READING
