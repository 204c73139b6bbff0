"""Writes about people."""

from qiportal.accounts.models import User


def command_line_user() -> User:
    """The account under which commands act; nobody can sign in with it."""
    user, _ = User.objects.get_or_create(
        email="command-line@portal.invalid",
        defaults={"full_name": "Command line", "is_active": False, "password": "!"},
    )
    return user


def user_of_sign_on(email: str) -> User | None:
    """The account that has an address, whatever the case of its letters."""
    return User.objects.filter(email__iexact=email.strip()).first()
