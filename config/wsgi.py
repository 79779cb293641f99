import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What is loaded stays as long as the process. Looking through it for what may go would cost some page a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
