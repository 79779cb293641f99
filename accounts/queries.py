"""Reads of accounts."""

from .models import User

COMMAND_LINE = "command-line@localhost"


def command_line_user():
    """The command line's own account: it has no password and cannot sign in."""
    user, made = User.objects.get_or_create(email=COMMAND_LINE, defaults={"name": "Command line"})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
