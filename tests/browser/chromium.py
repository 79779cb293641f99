"""Where the browser of the browser tests is, or how to get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def found() -> str | None:
    """A browser that is there already: the one `CHROMIUM` names, the machine's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    return next((path for path in [*candidates, _playwrights_own()] if path and Path(path).exists()), None)


def installed() -> str | None:
    """A browser that could be installed: Debian's package as root, else Playwright's own download. None where neither works."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "-qq")
        _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation")
    return found() or (found() if _try(sys.executable, "-m", "playwright", "install", "chromium") else None)


def _try(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=environment, stdout=sys.stderr, timeout=600, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
