"""Reference data can be put right by an administrator, and every change is in the audit trail."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.admin import AuditedAdmin
from accounts.models import AuditEvent, User
from finance.actions import RATES
from finance.models import Rate
from networks.actions import MODELS as NETWORK_MODELS
from planning.actions.reference import MODELS
from planning.models import Neighbourhood, Practice, Region

pytestmark = pytest.mark.django_db
WITHIN_OTHERS = {
    "place_overlaps",
    "commissioner_systems",
    "footprint_systems",
    "network_members",
    "network_systems",
    "network_scope",
}


@pytest.fixture
def keeper(client):
    """A signed-in keeper of reference data."""
    user = User.objects.create_superuser("keeper@example.nhs.uk", "a long enough password")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_reference_table_has_an_audited_page():
    tables = MODELS | NETWORK_MODELS | {RATES.name: Rate, "neighbourhoods": Neighbourhood, "practices": Practice}
    for name in set(tables) - WITHIN_OTHERS:
        assert isinstance(admin.site.get_model_admin(tables[name]), AuditedAdmin), name


def test_tables_without_a_page_are_edited_within_another():
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    assert {MODELS["place_overlaps"], MODELS["commissioner_systems"], NETWORK_MODELS["network_scope"]} <= inlines


def test_adding_changing_and_deleting_are_audited(keeper):
    row = {"code": "Y99", "name": "Elsewhere", "source": "made up"}
    keeper.post(reverse("admin:planning_region_add"), row)
    keeper.post(reverse("admin:planning_region_change", args=["Y99"]), row | {"name": "Nowhere"})
    assert Region.objects.get(code="Y99").name == "Nowhere"
    keeper.post(reverse("admin:planning_region_delete", args=["Y99"]), {"post": "yes"})
    actions = list(
        AuditEvent.objects.filter(action__endswith="region").order_by("id").values_list("action", "about", "by__email")
    )
    assert [action.split()[0] for action, _, _ in actions] == ["added", "changed", "deleted"]
    assert [about for _, about, _ in actions] == ["Elsewhere", "Nowhere", "Nowhere"]
    assert {email for *_, email in actions} == {"keeper@example.nhs.uk"}


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    "model", [Rate, *(MODELS[name] for name in MODELS if name not in WITHIN_OTHERS)], ids=lambda one: one.__name__
)
def test_lists_open_and_can_be_searched(keeper, model):
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert keeper.get(page).status_code == 200
    if admin.site.get_model_admin(model).search_fields:
        assert keeper.get(page, {"q": "south"}).status_code == 200


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("model", "key"),
    [("service_codes", "NCBPS08O"), ("commissioners", "72Q"), ("footprints", "south-london"), ("networks", "renal")],
)
def test_forms_open_filled_in(keeper, model, key):
    model = (MODELS | NETWORK_MODELS)[model]
    response = keeper.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key]))
    assert response.status_code == 200
    assert key in response.content.decode()
