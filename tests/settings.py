"""The product's settings as the tests use them: a folder of their own, and `TEST_DATABASE_URL` instead of `DATABASE_URL`.

What differs is set before the settings are read, so that nothing of a developer's or a server's environment can reach
a test, and no test can reach their data.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="planner-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

for _name in (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "DEBUG",
    "EXTRACT_MAX_BYTES",
    "WAITING_DAYS",
    "MEDIA_ROOT",
    "NHS_IDENTITY",
    "PRODUCTION",
    "PROGRAMME_NAME",
    "RELEASE",
    "SECRET_KEY",
    "STATIC_ROOT",
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _folder
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_folder}/planner.sqlite3"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: threads and processes then meet the same locks as in the demo.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
# Names of files without fingerprints: the tests need no collected files.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Without it WhiteNoise warns of a missing folder, and a warning is an error here.
STATIC_ROOT.mkdir(exist_ok=True)
# Hashing slowly is right for people and pointless here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
