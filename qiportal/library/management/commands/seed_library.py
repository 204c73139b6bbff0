"""seed_library: makes the entries that come with the portal; safe to repeat."""

from django.core.management.base import BaseCommand

from qiportal.library.services import library_seed


class Command(BaseCommand):
    help = "Fills the method library; entries the trust has edited are left alone."

    def handle(self, *args, **options):
        done = library_seed()
        self.stdout.write(
            f"Library: {done.created} made, {done.updated} updated, "
            f"{done.unchanged} unchanged, {done.kept_as_edited} edited here and kept."
        )
