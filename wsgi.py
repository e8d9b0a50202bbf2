"""What a WSGI server, the `flask` command and the workers start from."""

import os

from discount_broker.app import create_app
from discount_broker.settings import Settings

app = create_app(Settings.from_env(os.environ))
