"""What a WSGI server, the `flask` command and the workers start from."""

import gc
import os

from discount_broker.app import create_app
from discount_broker.settings import Settings

app = create_app(Settings.from_env(os.environ))

# What was made until here lives as long as the process: the garbage collector need not look through it again
# and again, nor after so few new objects as a script makes.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
