"""Forms of a waiting extract, and of what is remembered of an organisation's headings."""

from django import forms

from planning.extracts.layouts import LAYOUT_NAMES, layout_columns
from planning.extracts.questions import faults_of_mapping
from planning.models import Layout
from planning.queries.reading import AskedColumn, FirstRows, Question, first_rows_of, other_sheets_of, question_of
from planning.queries.submissions import own_organisations

NOT_THERE = [("", "Not in the file")]


class SheetForm(forms.Form):
    """Which sheet of a workbook to read; the likeliest is selected."""

    sheet = forms.ChoiceField(
        label="Which sheet holds the data?", widget=forms.RadioSelect, error_messages={"required": "Select the sheet to read"}
    )

    def __init__(self, *args, question: Question, **options):
        super().__init__(*args, initial={"sheet": question.sheet}, **options)
        self.fields["sheet"].choices = question.sheets


class LayoutForm(forms.Form):
    """Whether a file is what its headings say; what the sender said is offered too, if it has all that this needs."""

    layout = forms.ChoiceField(
        label="What is it?", widget=forms.RadioSelect, error_messages={"required": "Select what the extract is"}
    )

    def __init__(self, *args, question: Question, layout: str, **options):
        super().__init__(*args, initial={"layout": question.layout}, **options)
        choices = [(question.layout, f"{LAYOUT_NAMES[question.layout]}, as its headings say")]
        if not question.table.heading.match.missing:
            choices.append((layout, f"{LAYOUT_NAMES[layout]}, as you said; columns that this does not have are left out"))
        self.fields["layout"].choices = choices


class ColumnsForm(forms.Form):
    """Which heading of the file is which of our columns. Cleans to field → heading."""

    def __init__(self, *args, question: Question, layout: str, **options):
        super().__init__(*args, **options)
        self.question, self.layout = question, layout
        for asked in question.needed:
            self.fields[asked.column.field] = _column_field(asked, required=True)
        for asked in question.optional:
            self.fields[asked.column.field] = _column_field(asked, required=False)

    @property
    def needed(self) -> list[forms.BoundField]:
        return [self[asked.column.field] for asked in self.question.needed]

    @property
    def optional(self) -> list[forms.BoundField]:
        return [self[asked.column.field] for asked in self.question.optional if asked.headings]

    def clean(self):
        cleaned = super().clean()
        answers = {name: heading for name, heading in cleaned.items() if heading}
        faults = faults_of_mapping(answers, self.question.table.heading, self.layout)
        for name, fault in faults.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, fault)
        return answers


def _column_field(asked: AskedColumn, *, required: bool) -> forms.ChoiceField:
    first = [("", "Select your column")] if required else NOT_THERE
    return forms.ChoiceField(
        label=asked.column.name,
        help_text=asked.column.meaning + (f". Example: {asked.column.example}" if asked.column.example else ""),
        choices=[*first, *asked.headings],
        required=required,
        error_messages={"required": f"Select which of your columns is {asked.column.name}"},
    )


class HeadingRowForm(forms.Form):
    """Which row has the headings; the one that was taken for it is selected."""

    heading_row = forms.TypedChoiceField(
        label="Which row has the headings?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Select the row that has the headings"),
    )

    def __init__(self, *args, first_rows: FirstRows, **options):
        super().__init__(*args, initial={"heading_row": first_rows.taken}, **options)
        self.fields["heading_row"].choices = first_rows.rows


QUESTION_FORMS = {"sheet": SheetForm, "layout": LayoutForm, "columns": ColumnsForm}


def question_form(extract, question: Question, data=None) -> forms.Form:
    """The form that answers what an extract asks."""
    extra = {} if question.kind == "sheet" else {"layout": extract.layout}
    return QUESTION_FORMS[question.kind](data, question=question, **extra)


class ColumnMappingForm(forms.Form):
    """Say what a heading of an organisation's files is, before a file asks or to put right what was said."""

    heading = forms.CharField(
        label="Your heading",
        help_text="As it stands in your files. Capitals, underscores and brackets make no difference.",
        max_length=200,
        error_messages={
            "required": "Enter the heading as it stands in your files",
            "max_length": "The heading must be 200 characters or fewer",
        },
    )
    field = forms.ChoiceField(label="Our column", error_messages={"required": "Select one of our columns"})
    organisation = forms.ChoiceField(label="Whose files?", error_messages={"required": "Select whose files they are"})

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        own = own_organisations(user)
        self.fields["organisation"].choices = own
        if len(own) == 1:
            del self.fields["organisation"]
        self.own = own
        self.fields["field"].choices = [("", "Select a column"), *((str(name), _of_layout(name)) for name in Layout.values)]

    def clean_field(self):
        layout, _, field = self.cleaned_data["field"].partition(":")
        self.cleaned_data["layout"] = layout
        return field

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("organisation", self.own[0][0] if len(self.own) == 1 else "")
        return cleaned


def _of_layout(layout: str) -> list[tuple[str, str]]:
    return [(f"{layout}:{c.field}", f"{layout.upper()}: {c.name}") for c in layout_columns(layout) if not c.identifying]


def heading_row_form(extract, data=None) -> HeadingRowForm | None:
    """The form to choose another heading row; missing where none can be chosen any more."""
    first_rows = first_rows_of(extract)
    return HeadingRowForm(data, first_rows=first_rows) if first_rows else None


def answer_form(extract, data) -> tuple[str, forms.Form | None]:
    """What is answered, and the form that was filled; a sheet or a heading row may be chosen whatever is asked."""
    if "heading_row" in data:
        return "heading_row", heading_row_form(extract, data)
    question = question_of(extract) or other_sheets_of(extract)
    if question is None:
        return "", None
    if "sheet" in data or question.kind == "sheet":
        return "sheet", SheetForm(data, question=question)
    return question.kind, question_form(extract, question, data)
