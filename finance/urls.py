from django.urls import path, re_path

from finance.views import official, policies, rounds
from finance.views.affordability import affordability
from finance.views.allocation import allocation
from finance.views.budgets import budgets_csv, population_budgets, record_budget, take_budgets, upload_budgets
from finance.views.monitoring import shadow_monitoring
from finance.views.peers import delete_peer_group, new_peer_group, peer_group, peer_groups
from finance.views.service_targets import service_targets
from finance.views.variation import variation

app_name = "finance"
urlpatterns = [
    path("allocation/", allocation, name="allocation"),
    path("allocation/monitoring/", shadow_monitoring, name="shadow_monitoring"),
    path("allocation/official-files/", official.official_files, name="official_files"),
    path("allocation/official-files/published/", official.official_figures, name="official_figures"),
    path("allocation/official-files/core-shares/", official.core_shares, name="core_shares"),
    path("allocation/official-files/blank/<str:kind>.csv", official.blank_official_file, name="blank_official_file"),
    path("allocation/official-files/<int:pk>/problems/", official.official_file_problems, name="official_file_problems"),
    path(
        "allocation/official-files/<int:pk>/problems.<str:kind>",
        official.official_file_problems_download,
        name="official_file_problems_download",
    ),
    path("allocation/services/", service_targets, name="service_targets"),
    path("allocation/variation/", variation, name="variation"),
    path("allocation/variation/peers/", peer_groups, name="peer_groups"),
    re_path("^allocation/variation/peers/new/(?P<level>system|place)/$", new_peer_group, name="new_peer_group"),
    path("allocation/variation/peers/<int:pk>/", peer_group, name="peer_group"),
    path("allocation/variation/peers/<int:pk>/delete/", delete_peer_group, name="delete_peer_group"),
    path("allocation/monitoring/budgets/", population_budgets, name="population_budgets"),
    path("allocation/monitoring/budgets/record/", record_budget, name="record_budget"),
    path("allocation/monitoring/budgets/upload/", upload_budgets, name="upload_budgets"),
    path("allocation/monitoring/budgets/take/", take_budgets, name="take_budgets"),
    path("allocation/monitoring/budgets.csv", budgets_csv, name="budgets_csv"),
    path("allocation/policy/", policies.policy_workbench, name="policy_workbench"),
    path("allocation/policy/save/", policies.save_policy_option, name="save_policy_option"),
    path("allocation/policy/options/", policies.policy_options, name="policy_options"),
    path("allocation/policy/options/<int:pk>/share/", policies.share_policy_option, name="share_policy_option"),
    path("allocation/policy/options/<int:pk>/delete/", policies.delete_policy_option, name="delete_policy_option"),
    path("allocation/rounds/", rounds.allocation_rounds, name="allocation_rounds"),
    path("allocation/rounds/new/", rounds.new_round, name="new_round"),
    path("allocation/rounds/<int:pk>/", rounds.allocation_round, name="allocation_round"),
    path("allocation/rounds/<int:pk>/change/", rounds.change_round, name="change_round"),
    path("allocation/rounds/<int:pk>/calculate/", rounds.calculate_round, name="calculate_round"),
    path("allocation/rounds/<int:pk>/submit/", rounds.submit_round, name="submit_round"),
    path("allocation/rounds/<int:pk>/return/", rounds.return_round, name="return_round"),
    path("allocation/rounds/<int:pk>/approve/", rounds.approve_round, name="approve_round"),
    path("allocation/rounds/<int:pk>/worked-calculation.xlsx", rounds.round_workings, name="round_workings"),
    path("allocation/rounds/<int:pk>/<slug:step>/", rounds.round_step, name="round_step"),
    path("affordability/", affordability, name="affordability"),
]
