"""Users, their roles, and the tokens of service accounts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from qiportal.core.dates import today
from qiportal.core.models import Versioned
from qiportal.organisation.models import Site, StaffGroup, Unit


class UserManager(BaseUserManager):
    """Makes users by e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class UserQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The people somebody signed in can pick; `accounts_for` is for sysadmins."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(kind=User.Kind.PERSON, is_active=True)

    def accounts_for(self, actor):
        """Every account, service accounts and leavers too: sysadmins only."""
        is_sysadmin = getattr(actor, "is_authenticated", False) and actor.is_sysadmin
        return self if is_sysadmin else self.none()

    def pickable(self):
        """People who may be named on a project."""
        return self.filter(kind=User.Kind.PERSON, is_active=True).order_by("full_name")


class User(AbstractBaseUser, Versioned):
    """A person who signs in, or a service account that only holds tokens."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        SERVICE = "service", "Service account"

    email = models.EmailField(
        unique=True, error_messages={"unique": "This e-mail address has an account."}
    )
    full_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    home_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="people"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True)
    staff_group = models.CharField(max_length=20, choices=StaffGroup, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="service_accounts"
    )

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_whatever_case",
                violation_error_message="This e-mail address has an account.",
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(responsible__isnull=False),
                name="user_service_account_needs_a_person",
                violation_error_message="A service account needs a responsible person.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_service(self) -> bool:
        return self.kind == self.Kind.SERVICE

    @property
    def display_name(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def current_roles(self) -> frozenset[str]:
        """The roles held today; read once and kept for the life of this object.

        A request makes its own user object, so a change acts on the next request.
        """
        if not self.is_active:
            return frozenset()
        if not hasattr(self, "_roles"):
            rows = RoleAssignment.objects.held_on(today()).filter(user=self)
            self._roles = frozenset(rows.values_list("role", flat=True))
        return self._roles

    @property
    def role_labels(self) -> list[str]:
        """Names of the roles held today, for the page header."""
        held = self.current_roles()
        return [str(role.label) for role in Role if role in held]

    @property
    def is_sysadmin(self) -> bool:
        return Role.SYSADMIN in self.current_roles()


class Role(models.TextChoices):
    QI_TEAM = "qi_team", "QI team"
    BOARD = "board", "Board"
    SYSADMIN = "sysadmin", "System administrator"


class RoleAssignmentQuerySet(models.QuerySet):
    def held_on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class RoleAssignment(models.Model):
    """A role held from `starts_on` until, but not on, `ends_on`.

    Staff needs no row: everyone signed in is.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=10, choices=Role)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on=None),
                name="role_one_open_per_user",
                violation_error_message="This person already has this role.",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")),
                name="role_never_granted_to_oneself",
                violation_error_message="Nobody may give a role to themselves.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_it_starts",
                violation_error_message="A role must end on or after its first day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
