"""Reconciliation of patient-level sets, under Extracts."""

from django.http import HttpRequest, HttpResponse

from accounts.pages import page, reader_of
from accounts.permissions import check_see_extracts
from planning.figures.patient_sets import PATIENTS, SET_COVERAGE, SET_RECONCILIATION, sets_sentence
from planning.forms.filters import PatientSetForm


def patient_sets(request: HttpRequest) -> HttpResponse:
    check_see_extracts(request.user)
    form = PatientSetForm(request.GET, reader=reader_of(request))
    figures = [SET_COVERAGE, SET_RECONCILIATION, PATIENTS]
    return page(request, "planning/patient_sets.html", form=form, figures=figures, sentence=sets_sentence)
