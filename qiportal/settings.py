"""One settings file, driven by the environment (docs/run.md lists every variable)."""

import os
import secrets
import sys
from pathlib import Path

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from qiportal import handlers
from qiportal.accounts.sign_on import origin, providers
from qiportal.api.spectacular import OPENAPI
from qiportal.core.csp import content_policy
from qiportal.core.logs import log_settings
from qiportal.jobs.schedules import beat_schedule

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
VERSION = "0.1.0"


def secret(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE points at."""
    if path := env.str(f"{name}_FILE", ""):
        return Path(path).read_text(encoding="utf-8").strip()
    return env.str(name, default)


DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)


def signing_key() -> str:
    """The given key, or one made once and kept in the data folder."""
    given = secret("SECRET_KEY")
    if given and len(given) < 32 and not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is too short to be safe: give at least 32 random characters."
        )
    kept = DATA_DIR / "secret_key"
    if not given and not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return given or kept.read_text(encoding="utf-8").strip()


SECRET_KEY = signing_key()
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HTTPS = PUBLIC_URL.startswith("https://")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
TRUST_NAME = env.str("TRUST_NAME", "Riverbourne Hospitals NHS Trust (fictional)")
TRUST_LOGO = env.str("TRUST_LOGO", "")
SAMPLE_DATA_DIR = env.str("SAMPLE_DATA_DIR", "")
SURVEY_MINIMUM_N = env.int("SURVEY_MINIMUM_N", 11)
if SURVEY_MINIMUM_N < 11:
    raise ImproperlyConfigured("SURVEY_MINIMUM_N may be raised, never below 11.")
DELETED_KEPT_DAYS = env.int("DELETED_KEPT_DAYS", 30)
if DELETED_KEPT_DAYS < 1:
    raise ImproperlyConfigured("DELETED_KEPT_DAYS must leave a day to undo a deletion.")

INSTALLED_APPS = [
    "qiportal.core",
    "qiportal.jobs",
    "qiportal.organisation",
    "qiportal.accounts",
    "qiportal.library",
    "projects",
    "training",
    "surveys",
    "pdsa",
    "qiportal.dashboard",
    "qiportal.api",
    "qiportal.demo",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "qiportal.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qiportal.accounts.middleware.SessionLifetimeMiddleware",
    "qiportal.accounts.middleware.PageOwnerMiddleware",
    "qiportal.accounts.middleware.SignInFirstMiddleware",
    "qiportal.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qiportal.core.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qiportal.urls"
WSGI_APPLICATION = "qiportal.wsgi.application"
FORM_RENDERER = "qiportal.core.forms.NhsukRenderer"
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
                "csp.context_processors.nonce",
                "qiportal.core.context_processors.portal",
            ]
        },
    }
]

# --- data store ---------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
STATEMENT_TIMEOUT_S = env.int("STATEMENT_TIMEOUT_S", 5)
LIMITS = f"-c statement_timeout={STATEMENT_TIMEOUT_S}s -c lock_timeout=3s"
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "options": f"{LIMITS} -c idle_in_transaction_session_timeout=60s",
}
DATABASE_URL = secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'qiportal.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
SQLITE = "sqlite" in DATABASES["default"]["ENGINE"]
DATABASES["default"] |= {
    "OPTIONS": SQLITE_OPTIONS if SQLITE else POSTGRES_OPTIONS,
    "CONN_HEALTH_CHECKS": True,
    "CONN_MAX_AGE": 0 if TESTING else 60,
}
if SQLITE:
    TEST_FILE = DATA_DIR / f"test-{os.getpid()}.sqlite3"  # two suites may run at once
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FILE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "qiportal.accounts.adapters.PortalBackend",
]
VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "qiportal.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "qiportal.accounts.adapters.SocialAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"reset_password": "qiportal.accounts.forms.sign_in.ForgottenForm"}
# Wrong passwords are left to axes: a whole trust may share one address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip,20/5m/key"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_REQUIRED = env.bool("MFA_REQUIRED", True)
MFA_TOTP_ISSUER = "QI Portal"
OIDC_ISSUER = env.str("SSO_OIDC_ISSUER", "")
SOCIALACCOUNT_PROVIDERS = providers(
    issuer=OIDC_ISSUER,
    client_id=env.str("SSO_OIDC_CLIENT_ID", ""),
    secret=secret("SSO_OIDC_CLIENT_SECRET"),
    email_is_proof=env.bool("SSO_OIDC_EMAIL_IS_PROOF", False),
)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "qiportal.core.http.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "qiportal.accounts.adapters.locked_out"
AXES_USERNAME_CALLABLE = "qiportal.accounts.adapters.axes_username"
AXES_VERBOSE = False

# --- sessions, cookies, headers -------------------------------------------------
SESSION_COOKIE_AGE = 30 * 24 * 3600  # the longest; shorter ones per role in accounts
DRAFT_PASS_AGE = 24 * 3600  # how late a form may come whose session has ended
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qiportal.accounts.views.sign_on.open_too_long"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = content_policy(sign_in=origin(OIDC_ISSUER), https=HTTPS)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- jobs and imports: which service does what (qiportal/handlers.py) -------------
IMPORTS, JOBS = handlers.IMPORTS, handlers.JOBS
CELERY_BROKER_URL = secret("CELERY_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "qiportal")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/London"
BROKER_LIMITS = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_LIMITS
CELERY_IMPORTS = ["qiportal.jobs.tasks"]
CELERY_BEAT_SCHEDULE = beat_schedule(JOBS)
# How a job starts: in this process (tests), by a message, or in a thread.
JOBS_START = "inline" if TESTING else "celery" if CELERY_BROKER_URL else "thread"

# --- API (its OpenAPI settings are in qiportal/api/spectacular.py) ---------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["qiportal.core.api_permissions.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "qiportal.api.problems.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = OPENAPI

# --- language, files, mail, logs -------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_FILES = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
COMPRESSED_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": HASHED_FILES if TESTING else COMPRESSED_FILES},
}
MEDIA_ROOT = DATA_DIR / "uploads"
vars().update(dj_email_url.parse(secret("EMAIL_URL") or "consolemail://"))
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "qi-portal@localhost")
LOGGING = log_settings(env.str("LOG_LEVEL", "INFO"))
