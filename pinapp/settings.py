"""Every setting, read from the environment (see `.env.example`)."""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pinapp.hosts import exact_hosts, in_ascii
from pinapp.supervisor.postgres import embedded_url

# Lets classes such as ModelAdmin be written with the model they are for.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env("PINAPP_VAR", default=str(BASE_DIR / "var")))
# Written once by `make run`: the secrets of a machine that nobody has configured yet.
env.read_env(VAR_DIR / "local.env")

## THIS INSTALLATION

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
PORT = env.int("PORT", default=8000)
PUBLIC_URL = in_ascii(env("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/"))
_public = urlsplit(PUBLIC_URL)
# With their ports; an entry without one stands for PUBLIC_URL's.
EXACT_HOSTS = exact_hosts(env.list("ALLOWED_HOSTS", default=[]), public_url=PUBLIC_URL)
ALLOWED_HOSTS = sorted({host for host, _ in EXACT_HOSTS})
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Which resolver is asked whether an address is Pinterest's; empty: the system's.
DNS_RESOLVER = env("DNS_RESOLVER", default="")
CRAWLER_SUFFIXES = env.list("CRAWLER_SUFFIXES", default=["pinterest.com", "pinterestcrawler.com"])
# Networks whose addresses may be Pinterest's crawler although they are private: for demos.
CRAWLER_ALLOWED_NETWORKS = env.list("CRAWLER_ALLOWED_NETWORKS", default=[])
# Empty: /metrics answers to this machine alone.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
# True only under `make run` without an own mail server: shows sent mail at /demo/mail/.
DEMO = env.bool("DEMO", default=False)
DEMO_EMAIL = "demo@pinapp.example"
DEMO_PASSWORD = env("DEMO_PASSWORD", default="")
# Whether /admin/ lets in only who has passed a second step at sign-in.
ADMIN_SECOND_STEP = env.bool("ADMIN_SECOND_STEP", default=not DEMO)
# Where `make run` runs a small shop with Pin-it buttons; empty where it runs none.
SHOP_URL = env("SHOP_URL", default="")

## APPS

INSTALLED_APPS = [
    "accounts",
    "accounts.provider",
    "health",
    "publishing",
    "interactions",
    "analytics",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "django_htmx",
    "pinapp.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    # Last, so that its admin module meets what the others have registered.
    "pinapp",
]

MIDDLEWARE = [
    "pinapp.requests.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pinapp.requests.PlainRequestsMiddleware",
    "health.middleware.HealthDoorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.LocalTimeMiddleware",
]

ROOT_URLCONF = "pinapp.urls"
WSGI_APPLICATION = "pinapp.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "pinapp.context.frame",
            ],
            "builtins": ["accounts.templatetags.moments"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

## DATA

# Pins that a worker has under way at Pinterest at once; some threads more do what is around it.
SENDS_AT_ONCE = env.int("SENDS_AT_ONCE", default=8)
# Accounts whose figures are read at once, by all workers together.
FIGURES_AT_ONCE = env.int("FIGURES_AT_ONCE", default=4)
# Lists of pages that a worker reads or adds at once: sites may take their time.
LISTS_AT_ONCE = env.int("LISTS_AT_ONCE", default=2)

# Empty: the PostgreSQL that `make run` starts, its data below VAR_DIR.
DATABASE_URL = env("DATABASE_URL", default="") or embedded_url(VAR_DIR)
if urlsplit(DATABASE_URL).scheme not in {"postgres", "postgresql", "psql"}:
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {urlsplit(DATABASE_URL).scheme!r}, but PinApp keeps its data in "
        "PostgreSQL. Set it to postgres://user:password@host/name, or leave it out: `make run` "
        "then starts one. `manage.py carry_over_sqlite FILE` brings the data of an SQLite file."
    )
IS_DATABASE_EMBEDDED = embedded_url(VAR_DIR) == DATABASE_URL
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
# A pool per process: threads of the web server and the worker come and go, connections stay.
# The web has 23 threads that answer (pinapp/asgi.py), and some that carry things over.
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": max(max(12, 2 * SENDS_AT_ONCE) + FIGURES_AT_ONCE + LISTS_AT_ONCE, 28),
    "timeout": 20,
}
DATABASES["default"]["CONN_MAX_AGE"] = 0

_embedded_valkey = VAR_DIR / "valkey.sock"
CACHES = {"default": env.cache_url("CACHE_URL", default=f"rediscache://{_embedded_valkey}?db=1")}

## CELERY (rows are the truth; a lost message costs a second, never a Pin)

CELERY_BROKER_URL = env(
    "CELERY_BROKER_URL", default=f"redis+socket://{_embedded_valkey}?virtual_host=0"
)
CELERY_TASK_IGNORE_RESULT = True
# Ticks stand in a line of their own: behind a hundred Pins they would be worthless when they come.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "ticks": {}}
CELERY_TASK_ROUTES = {
    f"publishing.{name}": {"queue": "ticks"}
    for name in ("hand_out_due_pins", "recover_abandoned_pins", "settle_uncertain_pins")
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A web request that hands work over must not hang when the broker is away: the tick will find it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    # Left alone, kombu waits two seconds, then four, before it says that nobody is there.
    "max_retries": 1,
    "interval_start": 0.1,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "health.scheduler:WatchedScheduler"

# 1 in earnest; fault runs set it lower, so that the engine's minutes pass in seconds.
PUBLISHING_PACE = env.float("PUBLISHING_PACE", default=1.0)

## PEOPLE

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SignupExtras"
ACCOUNT_FORMS = {"signup": "accounts.signup_form.EvenSignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "dashboard"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
# pinapp/edge/origin.py has counted the proxies by then, and tells the visitor's address itself.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_ADAPTER = "accounts.second_step.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PinApp"

## PINTEREST (every URL is built from these two)

PINTEREST_API_URL = env("PINTEREST_API_URL", default="https://api.pinterest.com/v5").rstrip("/")
PINTEREST_OAUTH_URL = env("PINTEREST_OAUTH_URL", default="https://www.pinterest.com/oauth/")
PINTEREST_APP_ID = env("PINTEREST_APP_ID", default="")
PINTEREST_APP_SECRET = env("PINTEREST_APP_SECRET", default="")
# Newest first; the first seals, all unseal. See `manage.py rotate_token_keys`.
TOKEN_KEYS = env.list("TOKEN_KEYS")
# Tokens stay in our own sealed columns; allauth would keep them in clear.
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "pinterest": {
        "APPS": [{"client_id": PINTEREST_APP_ID, "secret": PINTEREST_APP_SECRET, "key": ""}]
    }
}

## MEDIA (uploaded pictures; served only to members of their workspace)

MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Networks that image URLs may point into although they are private (an intranet image host).
FETCH_ALLOWED_NETWORKS = env.list("FETCH_ALLOWED_NETWORKS", default=[])

## MAIL

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
# A mail server that says nothing holds up a page, or a worker, no longer than this (seconds).
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"PinApp <no-reply@{_public.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

## LANGUAGE AND TIME

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

## STATIC FILES (built from npm packages into VAR_DIR by `npm run build`)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [VAR_DIR / "build", ("img", BASE_DIR / "static" / "img")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Pages name only the hashed copies. Compressing the others, source maps and what is compressed
# already would triple the time of the first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "br",
    "gif",
    "gz",
    "jpg",
    "jpeg",
    "map",
    "png",
    "webp",
    "woff2",
)

## SECURITY

# Other sites below this host name, and the browsers' preload list, are not ours to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
_https = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False if TRUSTED_PROXIES else _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "pinapp.reports.SecretsFilter"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# Board covers and profile pictures come from Pinterest's image hosts, or from the sandbox.
_pinterest_images = ["https://i.pinimg.com", "https://s.pinimg.com"]
if _origin(PINTEREST_API_URL) != "https://api.pinterest.com":
    _pinterest_images.append(_origin(PINTEREST_API_URL))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_pinterest_images],
        # blob: a video's length is read in the browser before it is uploaded.
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        # Browsers hold a form's redirects to this too: connecting ends on Pinterest's consent page.
        "form-action": [SELF, _origin(PINTEREST_OAUTH_URL)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

## LOGGING

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "addresses": {"()": "pinapp.logs.AddressFilter"},
        "refusals": {"()": "pinapp.logs.RefusalFilter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["addresses", "refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # A line for each tick of each second would bury the others.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
