"""Where the fetcher may go: decides on resolved addresses, never on names."""

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from discount_broker.discovery.ports import FetchRefused, RefusedWhy

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LookUp = Callable[[str], Sequence[str]]
"""Every address of a name, as text. Raises OSError when there is none."""

WEB_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._:-]+")

# Written out rather than asked of `ipaddress`, whose idea of "private" changes between Python releases.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata service of Alibaba Cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host agent of Azure: a public number that is reached from inside only
        "169.254.0.0/16",  # link-local, and the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, and the metadata service of Oracle Cloud
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "3fff::/20",
    )
)
# All of IPv6 that is handed out. Mapped, compatible, NAT64, site-local and the rest lie outside.
IPV6_UNICAST = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True)
class Route:
    """A way to one URL: the connection goes to one of these addresses and nowhere else."""

    url: str
    host: str
    addresses: tuple[str, ...]
    port: int
    is_tls: bool


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in IPV6_UNICAST:
            return False
    return not any(address in network for network in NOT_PUBLIC if network.version == address.version)


def clean_url(url: str) -> str:
    """Spell the URL as it goes over the wire: escaped, without user name, password and fragment.

    Raises:
        FetchRefused: `NOT_WEB`

    """
    try:
        parts = urlsplit(safe_url_string(url))
        host, port = _one_spelling(parts.hostname or ""), parts.port
    except (ValueError, OSError):
        raise FetchRefused(url, RefusedWhy.NOT_WEB) from None
    if parts.scheme not in WEB_PORTS or not HOST.fullmatch(host):
        raise FetchRefused(url, RefusedWhy.NOT_WEB)
    if port == 0:
        raise FetchRefused(url, RefusedWhy.PORT)
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, WEB_PORTS[parts.scheme]):
        netloc += f":{port}"
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()


def _one_spelling(host: str) -> str:
    """Numbers are read as browsers read them: 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1."""
    host = host.rstrip(".")
    if ":" in host:
        return str(ipaddress.ip_address(host))
    last = host.rpartition(".")[2]
    is_number = last.isdigit() or last.startswith("0x")
    return socket.inet_ntoa(socket.inet_aton(host)) if is_number else host


def system_look_up(host: str) -> tuple[str, ...]:
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


class FetchGuard:
    """Turns a URL into a route, or refuses.

    `allow` holds `host:port`, `host:*` and CIDR blocks that may be reached although they are
    not public. `resolve` holds pairs of a name and the `ip:port` that speaks plain HTTP for it.
    """

    def __init__(
        self,
        allow: tuple[str, ...] = (),
        resolve: tuple[tuple[str, str], ...] = (),
        look_up: LookUp = system_look_up,
    ) -> None:
        self._networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(entry, strict=False) for entry in allow if "/" in entry
        )
        self._hosts = {_host_and_port(entry) for entry in allow if "/" not in entry}
        self._overrides = {name.lower(): _host_and_port(place) for name, place in resolve}
        self._look_up = look_up

    def find_route(self, url: str, seconds: float) -> Route:
        """Find out where a clean URL leads, within so many seconds.

        Raises:
            FetchRefused

        """
        parts = urlsplit(url)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or WEB_PORTS[parts.scheme]
        if host in self._overrides and port in WEB_PORTS.values():
            ip, real_port = self._overrides[host]
            return Route(url, host, (ip,), int(real_port), is_tls=False)
        addresses = self._addresses_of(url, host, seconds)
        if not {(host, str(port)), (host, "*")} & self._hosts:
            self._refuse_unless_public(url, addresses, port)
        return Route(url, host, tuple(map(str, addresses)), port, is_tls)

    def _refuse_unless_public(self, url: str, addresses: list[Address], port: int) -> None:
        """One bad answer spoils the name: nobody mixes private addresses in by accident."""
        strangers = [ip for ip in addresses if not any(ip in network for network in self._networks)]
        if not all(map(is_public, strangers)):
            raise FetchRefused(url, RefusedWhy.PRIVATE_ADDRESS)
        if strangers and port not in WEB_PORTS.values():
            raise FetchRefused(url, RefusedWhy.PORT)

    def _addresses_of(self, url: str, host: str, seconds: float) -> list[Address]:
        try:
            return [ipaddress.ip_address(host)]
        except ValueError:
            pass
        # RFC 6761: these names are this machine, whatever a name server says.
        if host == "localhost" or host.endswith(".localhost"):
            return [ipaddress.ip_address("127.0.0.1")]
        try:
            return [ipaddress.ip_address(answer) for answer in self._answers(url, host, seconds)]
        except (OSError, ValueError) as failure:
            is_final = getattr(failure, "errno", None) != socket.EAI_AGAIN
            raise FetchRefused(url, RefusedWhy.NAME_UNKNOWN, is_final=is_final) from None

    def _answers(self, url: str, host: str, seconds: float) -> Sequence[str]:
        """Ask in a thread: getaddrinfo has no time-out, and a name server may be the attacker's."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._look_up(host))
            except (OSError, ValueError) as failure:
                answers.put(failure)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise FetchRefused(url, RefusedWhy.TOO_SLOW, is_final=False) from None
        if isinstance(answer, Exception):
            raise answer
        if not answer:
            raise OSError("no address")
        return answer


def _host_and_port(entry: str) -> tuple[str, str]:
    host, colon, port = entry.strip().lower().rpartition(":")
    if not colon or not host or not (port.isdigit() or port == "*"):
        raise ValueError(f"{entry!r} is not host:port")
    return host.strip("[]"), port
