"""The account from which all others follow."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Role, RoleAssignment, User
from qiportal.core.dates import today


@transaction.atomic
def first_sysadmin_create(
    *, email: str, full_name: str, password: str, by: str
) -> User:
    """Make the first system administrator.

    Raises ValidationError when one can sign in already (then accounts are given in
    the portal), when the address is taken or when the password is weak.
    """
    holders = RoleAssignment.objects.held_on(today()).filter(
        role=Role.SYSADMIN, user__is_active=True
    )
    if holders.exists():
        raise ValidationError("There is a system administrator: ask them.")
    user = User(email=email.strip().lower(), full_name=full_name)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    RoleAssignment.objects.create(user=user, role=Role.SYSADMIN, starts_on=today())
    audit_record(type="user.first_sysadmin", target=user, by=by)
    return user
