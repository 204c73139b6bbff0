"""verify_audit: recomputes every hash and seal of the audit log."""

from django.core.management.base import BaseCommand

from qiportal.accounts.models import AuditEvent, AuditSeal
from qiportal.accounts.sealing import audit_problems


class Command(BaseCommand):
    help = "Names audit events and seals that do not add up; exits with 1 if any."

    def handle(self, *args, **options):
        found = 0
        for problem in audit_problems():
            self.stdout.write(problem)
            found += 1
        events, seals = AuditEvent.objects.count(), AuditSeal.objects.count()
        self.stdout.write(f"{events} events, {seals} seals, {found} problems.")
        if found:
            raise SystemExit(1)
