"""What figures of one thing must be told: which network, service, provider, catchment, flow, scenario or round."""

from django.utils import timezone

from accounts.models import Membership, Role, User
from finance.models import AllocationRound, PolicyOption
from planning.models import Scenario
from tests.finance.round_area import stored_round
from tests.planning.scenario_area import make_scenario, services_of

ONE_NETWORK, ONE_SERVICE, ONE_PROVIDER = {"network": "cardiac"}, {"service": ["7"]}, {"provider": ["RJ1"]}
ONE_CATCHMENT, ONE_FLOW = {"catchment_of": "RJ1"}, {"home": "QKK", "provider": "RJ1"}
NEEDED: dict[str, dict] = {
    **dict.fromkeys(["network_flows", "network_footprint", "network_comparison", "network_delivery"], ONE_NETWORK),
    **dict.fromkeys(["service_footprint", "service_footprint_years", "service_providers", "service_spend_per_head"], ONE_SERVICE),
    **dict.fromkeys(["service_lines", "service_status"], ONE_SERVICE),
    **dict.fromkeys(["provider_services", "provider_homes", "provider_sites", "provider_coverage"], ONE_PROVIDER),
    **dict.fromkeys(["catchment", "catchment_ages", "origin_shares"], ONE_CATCHMENT),
    **dict.fromkeys(["flow_trend", "flow_years", "flow_services", "flow_parts"], ONE_FLOW),
}


def needed(name: str, position: int) -> dict:
    """The filters without which a figure cannot be asked for; those of scenarios name one that starts from the position, and
    those of policy options likewise."""
    if name.startswith("policy_options"):
        return {"option": [shared_option(position)]}
    if name.startswith("round_") or name == "allocation_round":
        return {"round": round_put_forward(position)}
    return {"scenario": shared_scenario(position)} if name.startswith("scenario") else NEEDED.get(name, {})


def shared_option(position: int) -> int:
    """A policy kept by name that everybody may read, made once for a position."""
    if made := PolicyOption.objects.filter(name=f"From position {position}").first():
        return made.pk
    by = User.objects.create_user(f"policies{position}@example.nhs.uk")
    said = {"year": "2025/26", "way": "core"}
    named = {"name": f"From position {position}", "shared_at": timezone.now()}
    return PolicyOption.objects.create(owner=by, position=position, settings=said, **named).pk


def shared_scenario(position: int) -> int:
    """One that everybody may read, made once for a position: heart surgery of South East London goes to King's."""
    if made := Scenario.objects.filter(name=f"From position {position}").first():
        return made.pk
    by = User.objects.create_user(f"planner{position}@example.nhs.uk")
    Membership.objects.create(user=by, role=Role.PROGRAMME_TEAM)
    move = {"kind": "repatriate", "homes": ["QKK"], "services": services_of("NCBPS13B"), "receiver": "RJZ", "share": "0.5"}
    return make_scenario(by, move, position=position, name=f"From position {position}", shared=True).pk


def round_put_forward(position: int) -> int:
    """One that everybody may read, made once for a position."""
    if made := AllocationRound.objects.filter(position=position).first():
        return made.pk
    by = User.objects.create_user(f"allocator{position}@example.nhs.uk")
    Membership.objects.create(user=by, role=Role.PROGRAMME_TEAM)
    return stored_round(by, position=position, state="under_review").pk
