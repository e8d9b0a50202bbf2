"""Serves the demo shops: `python -m demo.shops --port 8081 --data DIR --mailbox DIR --service URL`."""

import argparse
import logging
from pathlib import Path

from werkzeug.serving import make_server

from demo.shops.server import create_shops


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8081)
    options.add_argument("--data", type=Path, default=Path("var/demo/shops"))
    options.add_argument("--mailbox", type=Path, default=Path("var/demo/mailbox"))
    options.add_argument("--service", default="http://127.0.0.1:8080")
    given = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    shops = create_shops(given.data, given.mailbox, given.service)
    make_server("127.0.0.1", given.port, shops, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
