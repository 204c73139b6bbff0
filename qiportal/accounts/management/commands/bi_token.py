"""bi_token EMAIL --scope bi:read --days N [--unit CODE] [--name NAME]"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from qiportal.accounts.models import ApiToken, User
from qiportal.accounts.services import command_line_user
from qiportal.accounts.tokens import Issued, token_issue
from qiportal.organisation.models import Unit


class Command(BaseCommand):
    help = "Issues an API token for a service account and prints it once."

    def add_arguments(self, parser):
        parser.add_argument("email", help="The person responsible for the account.")
        parser.add_argument(
            "--scope",
            action="append",
            choices=ApiToken.Scope.values,
            help="May be given more than once; bi:read if none is.",
        )
        parser.add_argument("--days", type=int, default=90, help="1 to 365.")
        parser.add_argument("--unit", metavar="CODE", help="Only this unit and below.")
        parser.add_argument("--name", default="BI feed", help="What the token is for.")

    def handle(self, *args, **options):
        try:
            issued = token_issue(
                responsible=self.person(options["email"]),
                name=options["name"],
                scopes=options["scope"] or ["bi:read"],
                days=options["days"],
                unit=self.unit(options["unit"]),
                by=command_line_user(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.tell(issued)

    @staticmethod
    def person(email: str) -> User:
        people = User.objects.filter(kind=User.Kind.PERSON, is_active=True)
        person = people.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody with the address {email} can sign in.")
        return person

    @staticmethod
    def unit(code: str | None) -> Unit | None:
        if not code:
            return None
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit with the code {code}.")
        return unit

    def tell(self, issued: Issued) -> None:
        """The token alone on standard output, the explanation beside it."""
        token = issued.token
        self.stderr.write(
            f"Token {token.prefix} for {token.user.responsible.email}: "
            f"{', '.join(token.scopes)}, until {token.expires_at:%d %B %Y}. "
            "It is shown only now; keep it where secrets are kept."
        )
        self.stdout.write(issued.secret)
