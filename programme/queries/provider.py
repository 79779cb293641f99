"""Reads of providers: what they are, their sites and rates, and what of them is loaded."""

import pandas as pd
from django.db.models import Q

from accounts.reading import kept
from planning.models import Provider, Site
from planning.queries import positions, reference


def provider_named(code: str) -> Provider | None:
    """The provider of a code, however its letters are written."""
    found = Provider.objects.select_related("system", "successor").prefetch_related("predecessors")
    return found.filter(code__iexact=code).first()


def providers_like(words: str, how_many: int = 8) -> list[Provider]:
    """Providers whose name or code holds a text, or one of whose sites does."""
    found = Provider.objects.filter(
        Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__iexact=words) | Q(sites__name__icontains=words)
    )
    return list(found.distinct()[:how_many])


def provider_facts(provider: Provider) -> list[tuple[str, str]]:
    """What is known of a provider, heading and words; words are blank where it is not known."""
    return [
        ("Organisation code", provider.code),
        ("Kind", provider.kind),
        ("Hosted by", str(provider.system or "")),
        ("Extracts expected", "Yes" if provider.in_scope else "No"),
        ("In force", _dates(provider)),
        ("Source", provider.source),
    ]


def _dates(provider: Provider) -> str:
    since = f"from {provider.valid_from:%-d %B %Y}" if provider.valid_from else ""
    until = f"until {provider.valid_to:%-d %B %Y}" if provider.valid_to else ""
    words = " ".join(part for part in (since, until) if part)
    # Only the first letter: names of months keep theirs.
    return words[:1].upper() + words[1:] or "No end is known"


@kept
def all_providers() -> pd.DataFrame:
    """One row a provider: provider, provider_name, short_name, kind, system, system_name, in_scope, search."""
    names = {
        "provider": "code",
        "provider_name": "name",
        "short_name": "short_name",
        "kind": "kind",
        "system": "system",
        "system_name": "system__name",
        "in_scope": "in_scope",
    }
    frame = pd.DataFrame(list(Provider.objects.order_by("name").values_list(*names.values())), columns=list(names))
    frame = frame.astype({"system": object, "system_name": object}).fillna({"system": "", "system_name": ""})
    sites: dict[str, list[str]] = {}
    for provider, name in Site.objects.values_list("provider", "name"):
        sites.setdefault(provider, []).append(name)
    texts = [
        " ".join([code, name, short, *sites.get(code, [])]).casefold()
        for code, name, short in zip(frame["provider"], frame["provider_name"], frame["short_name"], strict=True)
    ]
    return frame.assign(search=texts)


@kept
def sites_of(provider: str) -> pd.DataFrame:
    """Columns site, site_name, postcode, code_confidence: the sites of a provider."""
    rows = Site.objects.filter(provider=provider).order_by("name").values_list("code", "name", "postcode", "code_confidence")
    return pd.DataFrame(list(rows), columns=["site", "site_name", "postcode", "code_confidence"])


def market_forces_words(provider: str) -> list[tuple[str, str]]:
    """Year and market forces factor of a provider, the latest first."""
    factors = reference.market_forces_factors()
    own = factors[factors["provider"] == provider].sort_values("year", ascending=False)
    said = [(row["year"], f"{row['value']:.4f}{' (assumed)' if row['assumed'] else ''}") for row in own.to_dict("records")]
    return said


def loaded_providers(position: int | None) -> set[str]:
    """Providers with any extract in a position."""
    return {copy.provider for copy in positions.manifest(position).read_copies}
