"""How people name origins, hosts and networks on the command line."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

ANY = "*"
"""Stands for every origin."""

Network = IPv4Network | IPv6Network

_ORIGIN = re.compile(r"[a-z][a-z0-9+.\-]*://(?:[a-z0-9_\-.]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORT = re.compile(r"(?<=^http):(//.*):80$|(?<=^https):(//.*):443$")
_HOST = re.compile(r"(?=.*[a-z0-9])[a-z0-9_\-.]{1,253}")
_TOKEN = re.compile("[!-~]+")


def origin_of(text: str) -> str:
    """An origin as browsers write it: in lower case, and without the port that its scheme has anyway.

    Raises:
        ValueError: It is none; the message says what to write.
    """
    origin = text.lower()
    if origin != ANY and not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{text!r} is no origin; write scheme and host, for instance https://app.example.com, or *")
    return _DEFAULT_PORT.sub(lambda match: f":{match[1] or match[2]}", origin)


def host_of(text: str) -> str:
    """A name or an address as hosts are compared: in lower case, an address in its one form and without brackets.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    name = text.lower().removesuffix(".")
    if address := address_of(name.removeprefix("[").removesuffix("]")):
        return address
    if not _HOST.fullmatch(name):
        raise ValueError(f"{text!r} is no host; write a name or an address without a port, for instance mock.example")
    return name


def address_of(text: str) -> str | None:
    """An address in its one form, or None where it is none."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def network_of(text: str) -> Network:
    """A range of addresses in CIDR notation, or a single address.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    try:
        return ip_network(text)
    except ValueError:
        reason = "write one such as 10.0.0.0/8, without bits beyond the prefix, or an address"
        raise ValueError(f"{text!r} is no range of addresses; {reason}") from None


def token_of(text: str) -> str:
    """A token as it can stand in a header.

    Raises:
        ValueError: It cannot; the message says what to write, and not what was written.
    """
    if not _TOKEN.fullmatch(text):
        raise ValueError("a token has letters, digits and ASCII punctuation only, and no spaces")
    return text
