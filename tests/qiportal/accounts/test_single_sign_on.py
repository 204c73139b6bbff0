"""Single sign-on, all the way through a real provider on this computer."""

import http.client
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.sign_on import origin, providers
from tests.factories import RoleAssignmentFactory, UserFactory
from tests.qiportal.accounts.fake_provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/oidc/trust/login/"
AMINA = {
    "sub": "a-1",
    "email": "Amina.Yusuf@example.nhs.uk",
    "email_verified": True,
    "name": "Amina Yusuf",
}


@pytest.fixture(scope="module")
def one_provider():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(one_provider, settings):
    cache.clear()
    one_provider.person = dict(AMINA)
    one_provider.bend_token = dict
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer=one_provider.url, client_id=CLIENT_ID, secret=CLIENT_SECRET
    )
    return one_provider


def to_provider(client, next="/account/profile/"):
    """Presses the button; gives the provider's address the browser goes to."""
    answer = client.post(f"{SIGN_IN}?next={next}")
    assert answer.status_code == 302
    return answer.url


def agree(address):
    """What the browser does at the provider; gives the way back."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    back = line.getresponse().headers["Location"]
    line.close()
    return urlsplit(back)


def sign_in(client, next="/account/profile/"):
    back = agree(to_provider(client, next))
    return client.get(f"{back.path}?{back.query}")


def signed_in_id(client):
    return client.session.get("_auth_user_id")


def test_the_sign_in_page_offers_it(client, provider):
    page = client.get("/accounts/login/").content.decode()
    assert "Trust single sign-on" in page
    assert SIGN_IN in page


def test_without_a_provider_it_is_not_offered(client, db):
    assert SIGN_IN not in client.get("/accounts/login/").content.decode()
    assert client.post(SIGN_IN).status_code == 404


def test_a_link_alone_starts_nothing(client, provider):
    assert client.get(SIGN_IN).status_code == 200


def test_the_browser_is_sent_with_state_and_proof_key(client, provider):
    address = to_provider(client)
    assert address.startswith(f"{provider.url}/authorize?")
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert query["state"][0]
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}


def test_the_first_sign_in_makes_the_account_and_asks_for_the_team(
    client, provider, ward
):
    answer = sign_in(client)
    user = User.objects.get(email="amina.yusuf@example.nhs.uk")
    assert signed_in_id(client) == str(user.pk)
    assert user.full_name == "Amina Yusuf"
    assert not user.has_usable_password()
    assert user.current_roles() == frozenset()
    assert AuditEvent.objects.filter(type="user.created_by_sign_on").count() == 1
    assert answer.url == "/account/unit/?next=%2Faccount%2Fprofile%2F"
    page = client.get(answer.url).content.decode()
    assert "Which team do you work in?" in page
    assert "Ward 7" in page
    answer = client.post(answer.url, {"unit": ward.pk, "next": "/account/profile/"})
    assert answer.url == "/account/profile/"
    user.refresh_from_db()
    assert user.home_unit == ward


def test_the_second_sign_in_is_the_same_account_and_asks_nothing(
    client, provider, ward
):
    sign_in(client)
    User.objects.update(home_unit=ward)
    client.post("/accounts/logout/")
    assert sign_in(client).url == "/account/profile/"
    assert User.objects.filter(email__startswith="amina").count() == 1


def test_a_local_account_with_a_proven_address_is_taken_over(client, provider, ward):
    user = UserFactory(email="amina.yusuf@example.nhs.uk", home_unit=ward)
    assert sign_in(client).url == "/account/profile/"
    assert signed_in_id(client) == str(user.pk)


def test_an_unproven_address_never_opens_an_account(client, provider, ward):
    provider.person = {**AMINA, "email_verified": False}
    UserFactory(email="amina.yusuf@example.nhs.uk", home_unit=ward)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "did not confirm that the address is yours" in answer.content.decode()
    assert signed_in_id(client) is None


def test_the_trust_may_declare_its_addresses_proven(client, provider, ward, settings):
    provider.person = {k: v for k, v in AMINA.items() if k != "email_verified"}
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer=provider.url,
        client_id=CLIENT_ID,
        secret=CLIENT_SECRET,
        email_is_proof=True,
    )
    user = UserFactory(email="amina.yusuf@example.nhs.uk", home_unit=ward)
    sign_in(client)
    assert signed_in_id(client) == str(user.pk)


def test_no_address_no_account(client, provider):
    provider.person = {"sub": "a-2", "name": "Nobody"}
    before = User.objects.count()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "did not tell us your e-mail address" in answer.content.decode()
    assert User.objects.count() == before


def test_a_leaver_is_kept_out(client, provider, ward):
    UserFactory(email="amina.yusuf@example.nhs.uk", home_unit=ward, is_active=False)
    assert sign_in(client).url == "/accounts/inactive/"
    assert signed_in_id(client) is None


def test_its_own_second_step_is_enough(client, provider, ward, settings):
    settings.MFA_REQUIRED = True
    user = UserFactory(email="amina.yusuf@example.nhs.uk", home_unit=ward)
    RoleAssignmentFactory(user=user, role="sysadmin")
    sign_in(client)
    assert client.get("/account/users/").status_code == 200


@pytest.mark.parametrize(
    "bend",
    [
        lambda claims: {**claims, "aud": "another portal"},
        lambda claims: {**claims, "iss": "https://evil.example"},
        lambda claims: {**claims, "exp": 1},
    ],
    ids=["audience", "issuer", "expired"],
)
def test_a_token_that_is_not_for_us_opens_nothing(client, provider, bend):
    provider.bend_token = bend
    sign_in(client)
    assert signed_in_id(client) is None
    assert not User.objects.filter(email__startswith="amina").exists()


def test_a_way_back_without_our_state_opens_nothing(client, provider):
    back = agree(to_provider(client))
    client.get(f"{back.path}?{back.query.replace('state=', 'state=x')}")
    assert signed_in_id(client) is None


def test_a_way_back_in_another_browser_opens_nothing(client, provider):
    back = agree(to_provider(client))
    client.cookies.clear()
    client.get(f"{back.path}?{back.query}")
    assert signed_in_id(client) is None


def test_a_provider_that_is_down_is_said_in_words(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer="http://127.0.0.1:1", client_id=CLIENT_ID, secret=CLIENT_SECRET
    )
    answer = client.post(SIGN_IN)
    assert answer.status_code == 503
    assert "cannot be reached at the moment" in answer.content.decode()


def test_where_a_form_may_lead():
    tenant = "https://login.example.com/tenant/v2.0"
    assert origin(tenant) == "https://login.example.com"
    assert origin("") == ""
    assert providers(issuer="", client_id="", secret="") == {}


def test_sso_accounts_get_no_password_by_mail(client, provider, ward, mailoutbox):
    sign_in(client)
    client.logout()
    client.post("/accounts/password/reset/", {"email": AMINA["email"]})
    assert mailoutbox == []
