"""What browser tests share: a running product, Chromium, and pages that watch what they ask for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from . import chromium
from .site import Site, prepared_once, running

# Two products at a time on two cores: a page may be late, and a test that waits longer fails no less if it never comes.
expect.set_options(timeout=15_000)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, worker_id) -> Path:
    """The demo's data, made once, whichever process of the tests comes first; each site is of a copy."""
    base = tmp_path_factory.getbasetemp()
    return prepared_once(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def site(prepared, tmp_path_factory) -> Iterator[Site]:
    """The product that tests look at and leave as it is."""
    with running(prepared, tmp_path_factory.mktemp("site") / "data") as started:
        yield started


@pytest.fixture
def own_site(prepared, tmp_path) -> Iterator[Site]:
    """A product of the test's own, which it may change."""
    with running(prepared, tmp_path / "data") as started:
        yield started


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    path = chromium.found()
    if not path:
        pytest.fail("There is no Chromium on this machine; `make test` installs one where it can.")
    # Root in a container has no sandbox; the only pages opened are our own.
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox"]}


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


class Visits:
    """Pages of people on one site. Each page is watched: it may ask no other host, and nothing in it may fail."""

    def __init__(self, site: Site, browser: Browser, states: dict):
        self.site, self.browser, self.states = site, browser, states
        self.contexts: list[BrowserContext] = []
        self.strangers: list[str] = []
        self.complaints: list[str] = []

    def __call__(self, role: str | None = None, *, javascript: bool = True, viewport: dict = WIDE) -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            storage_state=self._signed_in(role) if role else None,
            java_script_enabled=javascript,
            viewport=viewport,
            accept_downloads=True,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.on(
            "response", lambda answer: self.complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        )
        return page

    def _signed_in(self, role: str) -> dict:
        """Cookies of a person who signed in through the form, once for each site and role."""
        if (self.site.url, role) not in self.states:
            context = self.browser.new_context(base_url=self.site.url)
            sign_in(context.new_page(), *self.site.person(role))
            self.states[self.site.url, role] = context.storage_state()
            context.close()
        return self.states[self.site.url, role]

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(self.site.url).netloc:
            self.strangers.append(request.url)

    def _response(self, answer):
        if answer.status >= 500:
            self.complaints.append(f"{answer.status} {answer.url}")

    def _console(self, message):
        # A map library inside the plotly bundle tries to add a style element; the policy refuses it and nothing shows.
        # A page that is answered with 403 or 404 is reported by the browser too; the tests look at the status themselves.
        known = ("style-src", "Failed to load resource")
        if message.type == "error" and not any(words in message.text for words in known):
            self.complaints.append(message.text)


@contextmanager
def visits(site: Site, browser: Browser, states: dict) -> Iterator[Visits]:
    made = Visits(site, browser, states)
    yield made
    for context in made.contexts:
        context.close()
    assert made.strangers == []
    assert made.complaints == []


@pytest.fixture(scope="session")
def states() -> dict:
    return {}


@pytest.fixture
def open_as(site, browser, states) -> Iterator[Callable[..., Page]]:
    """A page of a person: `open_as("Programme team")`."""
    with visits(site, browser, states) as made:
        yield made


@pytest.fixture
def open_on_own_site(own_site, browser, states) -> Iterator[Callable[..., Page]]:
    with visits(own_site, browser, states) as made:
        yield made
