import pytest


@pytest.fixture(autouse=True)
def nothing_known_of_slices(settings):
    """Figures of these tests rest on positions that there are not; what apps above say of slices is for their own tests."""
    settings.SLICE_NOTES = []
