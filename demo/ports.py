"""Finds ports nobody listens at."""

import socket

TRIES = 50


def free_port(wanted: int, avoid: set[int]) -> int:
    """Return `wanted`, or the next port above it that is free.

    Raises:
        OSError: not one of the next fifty is free.

    """
    for port in range(wanted, wanted + TRIES):
        if port not in avoid and _is_free(port):
            return port
    raise OSError(f"no free port from {wanted} to {wanted + TRIES - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
