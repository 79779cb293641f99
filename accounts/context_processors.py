"""What every page says to its reader: how many notices are new."""

from typing import Any

from django.http import HttpRequest

from accounts.queries import unread_notices


def notices(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"unread_notices": unread_notices(user.pk)} if user is not None and user.is_authenticated else {}
