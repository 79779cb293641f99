"""Who answers for what is recorded, and where it comes from, in every form alike."""

import pytest
from django import forms

from planning.forms.provenance import note_field, owner_field, source_field


class Recorded(forms.Form):
    owner, source, note = owner_field(help_text="Who decided it."), source_field(), note_field()


def errors(**said):
    form = Recorded({"owner": "A. Lead", "source": "Paper of 3 May", **said})
    return {name: list(words) for name, words in form.errors.items()}


def test_a_note_may_be_left_out():
    assert errors() == {}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"owner": " "}, {"owner": ["Enter who owns it"]}),
        ({"source": ""}, {"source": ["Enter where it comes from"]}),
        ({"owner": "x" * 121}, {"owner": ["The owner must be 120 characters or fewer"]}),
        ({"source": "x" * 501}, {"source": ["The source must be 500 characters or fewer"]}),
        ({"note": "x" * 1001}, {"note": ["The note must be 1,000 characters or fewer"]}),
    ],
)
def test_what_is_wrong_is_named(said, words):
    assert errors(**said) == words


def test_a_form_may_say_more_of_a_field():
    assert Recorded().fields["owner"].help_text == "Who decided it."
