"""`make docs`: the picture in the README, taken of the demo: `python -m tests.browser.screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from . import chromium
from .conftest import sign_in
from .site import ROOT, prepare, running

PICTURE = ROOT / "docs" / "overview.png"
# The top of the page, as much of it as a README can show.
SHOWN = {"width": 1280, "height": 1180}


def main() -> int:
    browser_path = chromium.found()
    if not browser_path:
        print("The picture was not taken: there is no Chromium on this machine.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="planner-picture-") as folder, sync_playwright() as playwright:
        data = Path(folder) / "prepared"
        data.mkdir()
        prepare(data, rows=None)
        with running(data, Path(folder) / "data") as site:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page = browser.new_page(base_url=site.url, viewport=SHOWN)
            sign_in(page, *site.person("Programme team"))
            page.goto("/")
            page.locator("[data-chart] svg").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURE)
            browser.close()
    print(f"{PICTURE.relative_to(ROOT)} is of today.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
