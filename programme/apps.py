from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from programme import figures  # noqa: F401 - declares them
