"""Names of organisations, for places that know only a code."""

from planning.models import Provider, System


def organisation_name(code: str) -> str | None:
    """The name of a provider (ODS code) or of a system's board (ICB code), or None where neither is loaded."""
    provider = Provider.objects.filter(code=code).first()
    return str(provider or System.objects.filter(code=code).first() or "") or None
