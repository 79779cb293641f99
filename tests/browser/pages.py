"""Every page of the product, by the name of its address. A new address must be put here, as a page or as something else."""

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Name → arguments of an address that is there in the illustrative data.
PAGES: dict[str, dict] = {
    "programme:overview": {},
    "programme:services": {},
    "programme:service": {"code": "7"},
    "programme:providers": {},
    "programme:provider": {"code": "RJ1"},
    "planning:flow_dashboard": {},
    "planning:flow_measures": {},
    # Without a flow it leads back to where one is chosen.
    "planning:flow": {},
    "planning:catchments": {},
    "planning:catchment": {"provider": "RJZ"},
    "planning:scenarios": {},
    "planning:compare_scenarios": {},
    "planning:assumptions": {},
    "planning:new_scenario": {},
    "planning:add_assumption": {},
    "planning:upload_projections": {},
    "planning:load_public_file": {},
    "finance:allocation": {},
    "finance:allocation_rounds": {},
    "finance:new_round": {},
    "finance:policy_workbench": {},
    "finance:policy_options": {},
    "finance:save_policy_option": {},
    "finance:affordability": {},
    "finance:shadow_monitoring": {},
    "finance:official_files": {},
    "finance:core_shares": {},
    "finance:variation": {},
    "finance:service_targets": {},
    "finance:peer_groups": {},
    "finance:new_peer_group": {"level": "place"},
    "finance:official_figures": {},
    "finance:population_budgets": {},
    "finance:record_budget": {},
    "finance:upload_budgets": {},
    "networks:networks": {},
    "networks:footprints": {},
    "networks:network": {"code": "renal"},
    "planning:extracts": {},
    "planning:upload_extract": {},
    "planning:data_dictionary": {},
    "planning:codes": {"field": "service_code"},
    "planning:column_mappings": {},
    "planning:patient_sets": {},
    "planning:extract": {"pk": 1},
    "planning:extract_rows": {"pk": 1},
    "planning:extract_problems": {"pk": 1},
    "planning:figure_rows": {"name": "flow_dashboard"},
    "planning:calendar": {},
    "planning:large_changes": {},
    "planning:submissions": {},
    "planning:positions": {},
    "planning:position": {"number": 1},
    "accounts:notices": {},
    "accounts:your_account": {},
    "accounts:change_password": {},
    "accounts:audit_trail": {},
}
BEFORE_SIGNING_IN = {"accounts:sign_in"}
# Files, pictures and what only takes a form.
NOT_PAGES = {
    "accounts:administration_sign_in",
    "accounts:figure_csv",
    "accounts:figure_json",
    "accounts:figure_svg",
    "accounts:figure_xlsx",
    "accounts:notice_read",
    "accounts:notices_read",
    "accounts:sign_out",
    "finance:blank_official_file",
    # Of rounds, which people make themselves: `test_rounds.py`.
    "finance:allocation_round",
    "finance:approve_round",
    "finance:calculate_round",
    "finance:change_round",
    "finance:return_round",
    "finance:round_step",
    "finance:round_workings",
    "finance:submit_round",
    # Of a file that was refused: `tests/finance/test_official_pages.py`.
    "finance:official_file_problems",
    "finance:official_file_problems_download",
    "finance:budgets_csv",
    "finance:take_budgets",
    # Of policy options, which people save themselves.
    "finance:share_policy_option",
    "finance:delete_policy_option",
    "planning:answer_extract",
    # Of scenarios, which people make themselves: `test_scenarios.py`.
    "planning:add_move",
    "planning:change_move",
    "planning:copy_scenario",
    "planning:delete_scenario",
    "planning:discard_draft",
    "planning:move_earlier",
    "planning:remove_move",
    "planning:save_scenario",
    "planning:scenario",
    "planning:scenario_details",
    "planning:scenario_moves",
    "planning:share_scenario",
    # Of peer groups, which people make themselves.
    "finance:peer_group",
    "finance:delete_peer_group",
    "planning:cancel_extract",
    "planning:check_again",
    "planning:declare_complete",
    "planning:extract_changes_csv",
    "planning:extract_changes_xlsx",
    "planning:delete_column_mapping",
    "planning:delete_sheet_choice",
    "planning:download_layout",
    "planning:extract_problems_csv",
    "planning:extract_problems_xlsx",
    # For finance leads of the extract's own organisation.
    "planning:mark_extract",
    "planning:extract_progress",
    "planning:extract_rows_csv",
    "planning:extract_rows_xlsx",
    "planning:publish_extract",
    "planning:withdraw_extract",
}
# Pages of figures whatever is published: they must stand without JavaScript and draw with it.
FIGURE_PAGES = (
    "programme:overview",
    "planning:flow_dashboard",
    "planning:flow_measures",
    "planning:catchments",
    "finance:allocation",
    "finance:policy_workbench",
    "finance:affordability",
    "finance:shadow_monitoring",
)


def path_of(name: str) -> str:
    return reverse(name, kwargs=PAGES.get(name, {}))


def every_address() -> set[str]:
    """Names of all addresses of the product's own apps."""

    def walk(patterns, namespace):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or namespace)
            elif isinstance(pattern, URLPattern):
                yield f"{namespace}:{pattern.name}"

    return {name for name in walk(get_resolver().url_patterns, "") if not name.startswith("admin:")}
