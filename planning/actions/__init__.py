from .again import check_again
from .assumptions import add_assumption, add_projection, load_assumptions, read_projections
from .checks import check_extract, check_extract_by_id
from .expiry import expire_waiting_extracts
from .extracts import cancel_extract, put_back_stalled_extracts, receive_extract
from .large_changes import set_large_change
from .market_forces import load_market_forces_factors
from .marking import mark_extract
from .position_copies import make_latest_position_copy, make_position_copy
from .positions import NotPublishable, declare_complete, publish_extracts, withdraw_extract
from .practices import take_practices
from .public_shares import PublicSheet, load_catchment_proportions, load_origin_shares, public_sheets, public_text
from .read_copies import rebuild_read_copy, sweep_orphans
from .reference import ReferenceRefused, load_practices, load_reference
from .travel_times import load_travel_times
from .waiting import (
    NotAnswerable,
    choose_heading_row,
    choose_sheet,
    forget_column,
    forget_sheet,
    map_columns,
    say_column,
    say_layout,
)

__all__ = [
    "NotAnswerable",
    "NotPublishable",
    "PublicSheet",
    "ReferenceRefused",
    "add_assumption",
    "add_projection",
    "cancel_extract",
    "check_again",
    "check_extract",
    "check_extract_by_id",
    "choose_heading_row",
    "choose_sheet",
    "declare_complete",
    "expire_waiting_extracts",
    "forget_column",
    "forget_sheet",
    "load_assumptions",
    "load_catchment_proportions",
    "load_market_forces_factors",
    "load_origin_shares",
    "load_practices",
    "load_reference",
    "load_travel_times",
    "make_latest_position_copy",
    "make_position_copy",
    "map_columns",
    "mark_extract",
    "public_sheets",
    "public_text",
    "publish_extracts",
    "put_back_stalled_extracts",
    "read_projections",
    "rebuild_read_copy",
    "receive_extract",
    "say_column",
    "say_layout",
    "set_large_change",
    "sweep_orphans",
    "take_practices",
    "withdraw_extract",
]
