"""Files as they arrive, before any form sees them: from whom, to which page, and no more than may be sent."""

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from accounts.permissions import (
    user_can_load_public_files,
    user_can_make_scenarios,
    user_can_record_budgets,
    user_can_upload_extracts,
)

# The pages that take a file, and who may send one there.
UPLOAD_PAGES = {
    "planning:upload_extract": user_can_upload_extracts,
    "planning:upload_projections": user_can_make_scenarios,
    "planning:load_public_file": user_can_load_public_files,
    "finance:official_files": user_can_load_public_files,
    "finance:upload_budgets": user_can_record_budgets,
}


class ExtractUploadHandler(TemporaryFileUploadHandler):
    """Keeps a file only where one is asked for and its sender may upload it.

    Beyond the limit nothing is kept, but reading goes on for as much again: a browser shows what the page says only after
    it has sent all. The form sees the size that was sent and refuses it.
    """

    def new_file(self, *args, **options):
        match = self.request.resolver_match
        may_send = UPLOAD_PAGES.get(match.view_name) if match else None
        if may_send is None or not may_send(self.request.user):
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data, start):
        size = start + len(raw_data)
        if size > 2 * settings.EXTRACT_MAX_BYTES:
            self.upload_interrupted()
            raise StopUpload(connection_reset=True)
        if size > settings.EXTRACT_MAX_BYTES:
            self.file.file.truncate(0)
        else:
            super().receive_data_chunk(raw_data, start)
