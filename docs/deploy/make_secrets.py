"""Write the secret files that docker-compose.yml names. Standard library only.

Usage: python3 docs/deploy/make_secrets.py [FOLDER]     (default: ./secrets)
Files that exist are kept, so a second run adds only what is missing.
"""

import secrets
import sys
from pathlib import Path


def kept_or_new(path: Path, text: str) -> str:
    """The content of the file, which is written first if it is missing.

    The folder is closed to others (0700); the files are readable, since each is
    mounted by itself into containers that run under another user.
    """
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o444)
    return path.read_text(encoding="utf-8").strip()


def make(folder: Path) -> None:
    """Make every secret; addresses are built from the passwords beside them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def token(name: str) -> str:
        return kept_or_new(folder / name, secrets.token_urlsafe(48))

    token("secret_key")
    token("db_superuser_password")
    owner, app = token("db_owner_password"), token("db_app_password")
    broker = token("broker_password")
    written = {
        "database_url_owner": f"postgres://owner:{owner}@db:5432/qiportal",
        "database_url_app": f"postgres://app:{app}@db:5432/qiportal",
        "scratch_database_url": f"postgres://owner:{owner}@db:5432/qiportal_scratch",
        "broker_url": f"redis://:{broker}@redis:6379/0",
        "valkey_conf": f"requirepass {broker}\n",
        "email_url": "consolemail://",
        "sso_client_secret": "",
    }
    for name, text in written.items():
        kept_or_new(folder / name, text)


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "secrets"))
