"""What browser tests share: one running product, Chromium, and pages that watch what they ask for."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from . import chromium
from .site import Site, running

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    path = chromium.found()
    if not path:
        pytest.fail("There is no Chromium on this machine; `make test` installs one where it can.")
    # Root in a container has no sandbox; the only pages opened are our own.
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def signed_in_state(site, browser) -> Callable[[str], dict]:
    """Cookies of a person of a role, who signed in through the form once."""
    kept: dict[str, dict] = {}

    def state(role: str) -> dict:
        if role not in kept:
            context = browser.new_context(base_url=site.url)
            sign_in(context.new_page(), *site.person(role))
            kept[role] = context.storage_state()
            context.close()
        return kept[role]

    return state


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


class Watched:
    """What a page asked for and complained about."""

    def __init__(self, page: Page, host: str):
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self._host = host
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.on("response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self._host:
            self.strangers.append(request.url)

    def _console(self, message):
        # A map library inside the plotly bundle tries to add a style element; the policy refuses it and nothing shows.
        if message.type == "error" and "style-src" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def open_as(site: Site, browser: Browser, signed_in_state) -> Iterator[Callable[..., Page]]:
    """A page of a person: `open_as("Programme team")`; afterwards no page may have asked another host or failed."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(role: str | None = None, *, javascript: bool = True, viewport: dict = WIDE) -> Page:
        context = browser.new_context(
            base_url=site.url,
            storage_state=signed_in_state(role) if role else None,
            java_script_enabled=javascript,
            viewport=viewport,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page, urlsplit(site.url).netloc))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for w in watched for url in w.strangers] == []
    assert [text for w in watched for text in w.complaints] == []
