"""Peer groups for tests."""

from finance.actions import make_peer_group
from finance.models import PeerGroup


def make_group(by, *, name="Neighbours", level="system", members=("QKK", "QWE")) -> PeerGroup:
    return make_peer_group(by=by, name=name, level=level, members=list(members), reason="They are near")
