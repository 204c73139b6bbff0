"""The shipped deployment files agree with the code and with each other."""

import re
import runpy
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from qiportal import entry

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
OURS = ("web", "worker", "beat", "migrate", "backup")
IMAGES_OWN = {"POSTGRES_PASSWORD_FILE", "SITE_ADDRESS"}


def names_in(pattern, *files):
    text = "\n".join((ROOT / file).read_text("utf-8") for file in files)
    return set(re.findall(pattern, text))


def settings_names():
    """Each variable that settings.py or the container roles read."""
    in_settings = r'(?:env\.\w+|secret)\(\s*"([A-Z0-9_]+)"'
    in_roles = r"environ(?:\.get|\.setdefault)\(['\"]([A-Z0-9_]+)"
    named = names_in(in_settings, "qiportal/settings.py")
    named |= names_in(in_roles, "qiportal/entry.py")
    return named - {"DJANGO_SETTINGS_MODULE"} | {"SCRATCH_DATABASE_URL"}


def test_exactly_the_documented_services_exist():
    assert set(SERVICES) == {*OURS, "db", "redis", "proxy"}


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_a_known_role(name):
    command = SERVICES[name]["command"]
    assert command[:3] == ["python", "-m", "qiportal.entry"]
    assert command[3:] == [name]
    assert name in entry.ROLES


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_has_health_check_and_limits(name):
    service = SERVICES[name]
    health = service["healthcheck"]
    assert health.get("disable") is True if name == "migrate" else health["test"]
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "backup"])
def test_health_checks_ask_for_their_own_role(name):
    test = SERVICES[name]["healthcheck"]["test"]
    assert test == ["CMD", "python", "-m", "qiportal.entry", "health", name]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "backup"])
def test_services_wait_for_the_migration(name):
    waited = SERVICES[name]["depends_on"]["migrate"]["condition"]
    assert waited == "service_completed_successfully"


def test_only_migrate_and_backup_are_owner():
    owners = {n for n in OURS if "database_url_owner" in SERVICES[n]["secrets"]}
    apps = {n for n in OURS if "database_url_app" in SERVICES[n]["secrets"]}
    assert owners == {"migrate", "backup"}
    assert apps == {"web", "worker", "beat"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_is_a_literal(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search("SECRET|PASSWORD|_URL", variable) and variable != "PUBLIC_URL":
            assert variable.endswith("_FILE"), variable
            assert str(value).startswith("/run/secrets/")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_secret_file_that_is_read_is_mounted(name):
    service = SERVICES[name]
    read = set(re.findall(r"/run/secrets/(\w+)", str(service)))
    assert read <= set(service.get("secrets", []))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_variable_is_read_by_someone(name):
    known = settings_names() | IMAGES_OWN
    given = {v for v in SERVICES[name].get("environment", {}) if v not in IMAGES_OWN}
    assert {variable.removesuffix("_FILE") for variable in given} <= known


def test_env_example_names_what_compose_asks_for_and_holds_no_value():
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    settings = [line for line in lines if line and not line.startswith("#")]
    assert all(line.endswith("=") for line in settings)
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    assert {line[:-1] for line in settings} == asked


def test_required_names_are_the_ones_compose_insists_on():
    text = (ROOT / ".env.example").read_text("utf-8")
    required = text.split("# Required")[1].split("# Optional")[0]
    insisted = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE))
    assert set(re.findall(r"^([A-Z_]+)=$", required, re.MULTILINE)) == insisted


def test_the_manual_names_every_variable():
    manual = names_in(r"`([A-Z][A-Z0-9_]+)`", "docs/run.md")
    assert settings_names() <= manual


def test_secrets_are_random_linked_kept_and_closed(tmp_path):
    make = runpy.run_path(str(ROOT / "docs/deploy/make_secrets.py"))["make"]
    make(tmp_path / "secrets")
    made = {p.name: p.read_text() for p in (tmp_path / "secrets").iterdir()}
    assert set(made) >= set(yaml.safe_load(COMPOSE)["secrets"])
    assert made["db_app_password"] in made["database_url_app"]
    assert made["db_owner_password"] in made["database_url_owner"]
    assert len({made["secret_key"], made["db_app_password"]}) == 2
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    make(tmp_path / "secrets")
    again = {p.name: p.read_text() for p in (tmp_path / "secrets").iterdir()}
    assert again == made


def test_secrets_and_data_stay_out_of_git_and_image():
    ignored = subprocess.run(
        ["git", "check-ignore", "secrets/secret_key", ".env", "var/x", ".venv/x"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(ignored.stdout.splitlines()) == 4
    dockerignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in dockerignore
    assert not any(
        line.startswith(("!secrets", "!.env", "!var")) for line in dockerignore
    )


def test_image_runs_unprivileged_on_locked_requirements():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--require-hashes" in text
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert not re.search(r"^FROM \S+:latest", text, re.MULTILINE)
