"""Dev gets a token from a sysadmin and pulls the figures from outside."""

import base64
import json
import urllib.error
import urllib.request

import pytest
from django.core.cache import cache

from projects.models import Project
from qiportal.accounts.models import ApiToken
from qiportal.dashboard.services import rollup
from tests.factories import ProjectFactory, UserFactory
from tests.journeys.walk import begin, look
from tests.qiportal.api.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Puller:
    """What a BI tool does: GET with a token, follow `next`, remember the ETag."""

    def __init__(self, address, token=""):
        self.address = address
        self.token = token

    def get(self, path, **headers):
        """(status, headers, body) of an address of the portal."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        url = path if path.startswith("http") else f"{self.address}{path}"
        request = urllib.request.Request(url, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def walk(self, path):
        """Every row, page by page, until `next` is null."""
        rows, pages = [], 0
        while path:
            status, _, body = self.get(path)
            assert status == 200, body
            page = json.loads(body)
            rows += page["results"]
            path, pages = page["next"], pages + 1
        return rows, pages


@pytest.fixture
def dev(trust):
    return UserFactory(full_name="Dev Patel", email="dev@example.nhs.uk")


@pytest.fixture
def figures(trust, live_server, settings):
    """A trust with figures, and five more projects, one of them a draft."""
    settings.PUBLIC_URL = live_server.url
    cache.clear()
    wards = build(trust)
    for number in range(5):
        visibility = "draft" if number == 4 else "trust"
        ProjectFactory(unit=wards[0], visibility=visibility)
    rollup()
    yield live_server.url
    cache.clear()


def issue(visit, sysadmin, dev):
    """The sysadmin's page: the token is shown once. Gives it and the hand."""
    hand = begin(visit, "keyboard", sysadmin)
    hand.visitor.open("/account/api-tokens/")
    look(hand, "tokens-empty")
    hand.link("Issue a token")
    hand.write("Who answers for it", dev.email)
    hand.write("What it is for", "Power BI nightly refresh")
    hand.choose("Read the BI tables (bi:read)")
    hand.choose("Read the live resources (projects:read)")
    look(hand, "token-form")
    hand.button("Issue the token")
    hand.sees("This is the only time the token is shown")
    look(hand, "token-shown")
    return hand.page.locator("#new-token").inner_text().strip(), hand


def test_a_token_is_shown_once_and_opens_the_figures(visit, figures, sysadmin, dev):
    secret, hand = issue(visit, sysadmin, dev)
    assert secret.startswith("qip_")
    hand.visitor.open("/account/api-tokens/")
    look(hand, "tokens")
    assert secret not in hand.page.content()
    assert secret not in ApiToken.objects.values_list("key_hash", flat=True)

    puller = Puller(figures, secret)
    rows, pages = puller.walk("/api/v1/projects/?limit=2")
    assert pages == 3
    shown = set(Project.objects.filter(visibility="trust").values_list("reference"))
    assert {(row["reference"],) for row in rows} == shown
    draft = Project.objects.get(visibility="draft")
    assert puller.get(f"/api/v1/projects/{draft.reference}/")[0] == 404

    status, headers, body = puller.get("/api/v1/bi/fact_indicator/")
    assert status == 200
    assert json.loads(body)["run"] is not None
    tag = {"If-None-Match": headers["ETag"]}
    assert puller.get("/api/v1/bi/fact_indicator/", **tag)[0] == 304


def test_power_bi_stores_it_as_basic_credentials(visit, figures, sysadmin, dev):
    secret, _ = issue(visit, sysadmin, dev)
    prefix = ApiToken.objects.get().prefix
    pair = base64.b64encode(f"{prefix}:{secret}".encode()).decode()
    answer = Puller(figures).get("/api/v1/bi/", Authorization=f"Basic {pair}")
    assert answer[0] == 200


def test_without_a_token_and_after_its_end_nothing_comes(visit, figures, sysadmin, dev):
    status, headers, body = Puller(figures).get("/api/v1/projects/")
    assert status == 401
    assert "Bearer" in " ".join(headers.get_all("WWW-Authenticate"))
    assert headers["Content-Type"].startswith("application/problem+json")
    assert b"QI-2026" not in body

    secret, _ = issue(visit, sysadmin, dev)
    hand = begin(visit, "keyboard", dev)
    hand.visitor.open("/account/api-tokens/")
    look(hand, "tokens-own")
    hand.link("End", exact=False)
    look(hand, "token-end")
    hand.follow(hand.main.locator("form button[type=submit]").first)
    hand.sees("no longer works")
    assert Puller(figures, secret).get("/api/v1/projects/")[0] == 401


def test_dev_reads_how_to_begin(visit, figures, dev):
    hand = begin(visit, "keyboard", dev)
    hand.visitor.open("/data/")
    look(hand, "data-and-api")
    assert "/api/v1/" in hand.page.locator("main").inner_text()
