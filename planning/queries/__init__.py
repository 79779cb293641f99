from .flows import flow_frame
from .positions import coverage_frame, latest_position, position_or_latest, position_totals

__all__ = ["coverage_frame", "flow_frame", "latest_position", "position_or_latest", "position_totals"]
