"""The people of the demo: one or more of each role, all with a password that is printed. Never with PRODUCTION=1."""

import csv

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.actions import add_person, give_membership
from accounts.models import Role
from accounts.queries import command_line_user, user_named

PEOPLE = settings.BASE_DIR / "fixtures" / "demo" / "people.csv"
PASSWORD = "demonstration-only"  # noqa: S105 - printed for whoever tries the demo


class Command(BaseCommand):
    help = "Makes the people of the demo where they are not there yet, and prints how each signs in."

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("The people of the demo have a known password: they are not made with PRODUCTION=1.")
        with PEOPLE.open(encoding="utf-8", newline="") as file, transaction.atomic():
            for person in csv.DictReader(file):
                self.make(**person)
                self.stdout.write(f"  {person['email']:<34} {PASSWORD}  {said(person['role'], person['organisation'])}")

    def make(self, *, email, name, role, organisation):
        by = command_line_user()
        user = user_named(email) or add_person(by=by, email=email, name=name, password=PASSWORD)
        give_membership(by=by, user=user, role=role, organisation=organisation)


def said(role, organisation):
    """What a person is in words: "Finance lead, King's College Hospital"."""
    name = import_string(settings.ORGANISATION_NAME)(organisation) if organisation else ""
    return ", ".join(part for part in (Role(role).label, name or organisation) if part)
