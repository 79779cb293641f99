from .peers import NotKept, change_peer_group, delete_peer_group, make_peer_group
from .rates import RATES, load_rates

__all__ = ["RATES", "NotKept", "change_peer_group", "delete_peer_group", "load_rates", "make_peer_group"]
