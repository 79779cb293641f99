from django.urls import path

from planning.views import calendar, extracts, layouts, marking, patient_sets, positions, problems, publishing, reading, rows
from planning.views.flows import flow_dashboard

app_name = "planning"
urlpatterns = [
    path("flows/", flow_dashboard, name="flow_dashboard"),
    path("extracts/", extracts.extracts, name="extracts"),
    path("extracts/calendar/", calendar.calendar, name="calendar"),
    path("extracts/submissions/", calendar.submissions, name="submissions"),
    path("extracts/upload/", extracts.upload_extract, name="upload_extract"),
    path("extracts/layouts/", layouts.data_dictionary, name="data_dictionary"),
    path("extracts/layouts/<slug:layout>/", layouts.data_dictionary, name="data_dictionary"),
    path("extracts/layouts/<slug:layout>/<slug:kind>.<slug:file_type>", layouts.download_layout, name="download_layout"),
    path("extracts/patient-level/", patient_sets.patient_sets, name="patient_sets"),
    path("extracts/codes/<slug:field>/", layouts.codes, name="codes"),
    path("extracts/columns/", reading.column_mappings, name="column_mappings"),
    path("extracts/columns/<int:pk>/delete/", reading.delete_column_mapping, name="delete_column_mapping"),
    path("extracts/sheets/<int:pk>/delete/", reading.delete_sheet_choice, name="delete_sheet_choice"),
    path("extracts/<int:pk>/", extracts.extract, name="extract"),
    path("extracts/<int:pk>/answer/", reading.answer_extract, name="answer_extract"),
    path("extracts/<int:pk>/progress/", extracts.extract_progress, name="extract_progress"),
    path("extracts/<int:pk>/problems/", problems.extract_problems, name="extract_problems"),
    path("extracts/<int:pk>/problems.csv", problems.extract_problems_csv, name="extract_problems_csv"),
    path("extracts/<int:pk>/problems.xlsx", problems.extract_problems_xlsx, name="extract_problems_xlsx"),
    path("extracts/<int:pk>/rows/", rows.extract_rows, name="extract_rows"),
    path("extracts/<int:pk>/rows.csv", rows.extract_rows_file, {"extension": "csv"}, name="extract_rows_csv"),
    path("extracts/<int:pk>/rows.xlsx", rows.extract_rows_file, {"extension": "xlsx"}, name="extract_rows_xlsx"),
    path("extracts/<int:pk>/publish/", publishing.publish_extract, name="publish_extract"),
    path("extracts/<int:pk>/withdraw/", publishing.withdraw_extract, name="withdraw_extract"),
    path("extracts/<int:pk>/cancel/", publishing.cancel, name="cancel_extract"),
    path("extracts/<int:pk>/check-again/", publishing.check_again, name="check_again"),
    path("extracts/<int:pk>/mark/", marking.mark_extract, name="mark_extract"),
    path("extracts/<int:pk>/complete/", publishing.complete, name="declare_complete"),
    path("figure/<slug:name>/rows/", rows.figure_rows, name="figure_rows"),
    path("positions/", positions.positions, name="positions"),
    path("positions/<int:number>/", positions.position, name="position"),
]
