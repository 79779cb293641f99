"""One settings file; what differs between machines comes from the environment.

`DATA_DIR` holds everything the product keeps. With nothing set the product runs in demo mode on an
embedded database, with a secret key made in `DATA_DIR`; `PRODUCTION=1` refuses to start half configured.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
if os.environ.get("PRODUCTION", "") not in ("", "0", "1"):
    # Taken for a demo it would answer with a secret of its own making.
    raise ImproperlyConfigured("PRODUCTION is 1 or 0: set PRODUCTION=1 for an installation, nothing for a demo.")
PRODUCTION = os.environ.get("PRODUCTION", "") == "1"
RELEASE = os.environ.get("RELEASE") or "development"


def _secret_key() -> str:
    """The key of the environment, or in demo mode one made once and kept in `DATA_DIR`."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured(
            "PRODUCTION=1 needs SECRET_KEY: set it to a long random text that only this installation knows."
        )
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        # Web and worker start together: written aside, the file appears whole, and the first one stays.
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR) as new, contextlib.suppress(FileExistsError):
            new.write(secrets.token_urlsafe(50))
            new.flush()
            os.link(new.name, kept)
    return kept.read_text()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("DEBUG", "") == "1"
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h.strip()]
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("PRODUCTION=1 refuses DEBUG=1: unset DEBUG.")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("PRODUCTION=1 needs ALLOWED_HOSTS: the host names of this installation, with commas between them.")
if not PRODUCTION and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
# A leading dot stands for a domain and all its hosts; origins write that as two.
CSRF_TRUSTED_ORIGINS = [
    f"https://{origin}" for h in ALLOWED_HOSTS if PRODUCTION for origin in ([f"*{h}", h[1:]] if h.startswith(".") else [h])
]

INSTALLED_APPS = [
    "programme",
    "finance",
    "networks",
    "planning",
    "accounts",
    "presentation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_tables2",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
]

MIDDLEWARE = [
    # First, so that redirects, files and refusals carry it too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.KeptByNobodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before the token is looked for, which reads all that was sent: nobody's files are read.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SharedReadsMiddleware",
    "accounts.middleware.AuditViewsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "presentation.context_processors.programme",
                "accounts.context_processors.notices",
                "planning.context_processors.position_bar",
            ],
        },
    }
]
FORM_RENDERER = "presentation.forms.NHSFormRenderer"

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'planner.sqlite3'}"


def database(url: str) -> dict:
    """Connection settings for a database address; SQLite in WAL mode with immediate transactions."""
    settings = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["CONN_MAX_AGE"] = 0
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": " ".join(
                f"PRAGMA {pragma};"
                for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000")
            ),
        }
    return settings


DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "programme:overview"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
# The package's default locks a whole hospital out, which sits behind one address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# What the sign-in form and Django's own check call it. By default the package asks for "email", finds nobody and locks nobody.
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("BEHIND_PROXY") == "1" else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# plotly sets style attributes on its own marks; everything else is served from files of the product.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "assets"] if (BASE_DIR / "assets").exists() else [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# One compressed copy of each file is enough, and halves the time that collecting takes.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Worked out once for all processes that serve pages.
    "headlines": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": MEDIA_ROOT / "headlines",
        "TIMEOUT": 86_400,
    },
}
FILE_UPLOAD_HANDLERS = ["planning.actions.upload_handler.ExtractUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

DJANGO_TABLES2_TEMPLATE = "presentation/table.html"

PROGRAMME_NAME = os.environ.get("PROGRAMME_NAME") or "Specialised Services Planner"
# The NHS identity and its typeface are licensed to NHS bodies.
NHS_IDENTITY = os.environ.get("NHS_IDENTITY", "") == "1"
# An extract that waits so many days for an answer is cancelled, and its file removed.
WAITING_DAYS = int(os.environ.get("WAITING_DAYS") or 14)
EXTRACT_MAX_BYTES = int(os.environ.get("EXTRACT_MAX_BYTES") or 2 * 1024**3)
# A public file of shares is read whole; that of every small area in England is a tenth of this.
PUBLIC_FILE_MAX_BYTES = 100 * 1024**2

# Main navigation: label, name of the page's URL, and what says whether a user may open it (dotted name).
NAVIGATION = [
    ("Overview", "programme:overview", "accounts.permissions.user_can_see_figures"),
    ("Flows", "planning:flow_dashboard", "accounts.permissions.user_can_see_figures"),
    ("Allocation", "finance:allocation", "accounts.permissions.user_can_see_figures"),
    ("Affordability", "finance:affordability", "accounts.permissions.user_can_see_figures"),
    ("Services", "programme:services", "accounts.permissions.user_can_see_figures"),
    ("Networks", "networks:networks", "accounts.permissions.user_can_see_figures"),
    ("Extracts", "planning:extracts", "accounts.permissions.user_can_see_extracts"),
]
# Pages that belong together, which each of them leads to below the main navigation: name of the group, and its entries as
# above. An entry whose page is not there, or that a reader may not open, is left out.
SECTIONS = [
    (
        "Flows",
        [
            ("Who is treated where", "planning:flow_dashboard", "accounts.permissions.user_can_see_figures"),
            ("Measures", "planning:flow_measures", "accounts.permissions.user_can_see_figures"),
            ("Catchments", "planning:catchments", "accounts.permissions.user_can_see_figures"),
            ("Scenarios", "planning:scenarios", "accounts.permissions.user_can_see_figures"),
            ("Footprints", "networks:footprints", "accounts.permissions.user_can_see_figures"),
        ],
    ),
    (
        "Allocation",
        [
            ("Spend and targets", "finance:allocation", "accounts.permissions.user_can_see_figures"),
            ("Rounds", "finance:allocation_rounds", "accounts.permissions.user_can_see_figures"),
            ("Policy workbench", "finance:policy_workbench", "accounts.permissions.user_can_see_figures"),
            ("By service", "finance:service_targets", "accounts.permissions.user_can_see_figures"),
            ("Variation", "finance:variation", "accounts.permissions.user_can_see_figures"),
            ("Shadow monitoring", "finance:shadow_monitoring", "accounts.permissions.user_can_see_figures"),
            ("Official files", "finance:official_files", "accounts.permissions.user_can_see_figures"),
        ],
    ),
    (
        "Services and providers",
        [
            ("Services", "programme:services", "accounts.permissions.user_can_see_figures"),
            ("Providers", "programme:providers", "accounts.permissions.user_can_see_figures"),
        ],
    ),
]
# The query that turns the code of a membership's organisation into its name (dotted name).
ORGANISATION_NAME = "planning.queries.organisations.organisation_name"
# The query that knows a reporting position by its number, for files and pages that must say whether it is illustrative.
REPORTING_POSITION = "planning.queries.positions.reporting_position"
# The query that knows the number of the latest one, which every page says.
LATEST_POSITION = "planning.queries.positions.latest_position"
# What any figure that rests on slices says of them, after its own notes (dotted names, called with frame and filters).
SLICE_NOTES = ["planning.figures.plan_returns.plan_notes"]

# Pages of now alone: the position that a reader looks at does not follow them there.
PAGES_OF_NOW = {"planning:extracts"}
# What is said before a publication, and done inside its transaction, by `planning` and the apps above it (dotted names).
# Those of AFTER_PUBLISH are called with by, position and extracts, and may return sentences on signed-off figures that it
# touched: people are told them.
BEFORE_PUBLISH: list[str] = []
AFTER_PUBLISH: list[str] = ["planning.tasks.copy_after_publication"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
