"""What request lines say beside the path."""

from __future__ import annotations

import pytest

from aitronos_mock.answers import Headers
from aitronos_mock.errors import METHOD_NOT_IMPLEMENTED, VERSION_NOT_SUPPORTED, Problem
from aitronos_mock.targets import Target, unspoken

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("target", [b"/", b"*", b"/a?b=http://c.test/", b"localhost:443", b"//c.test/", b""])
def test_other_forms_name_no_host(target: bytes) -> None:
    """Only a scheme at the beginning makes the absolute form."""
    assert Target.of(target) is None


@pytest.mark.parametrize(
    ("target", "authority", "origin_form"),
    [
        (b"http://a.test:8000/b?c=d", b"a.test:8000", b"/b?c=d"),
        (b"HTTP://a.test", b"a.test", b"/"),
        (b"http://a.test?b", b"a.test", b"/?b"),
        (b"http://[::1]/", b"[::1]", b"/"),
        (b"http:///b", b"", b"/b"),
        (b"https://a.test/b", b"https://a.test", b"/b"),
    ],
)
def test_the_absolute_form_is_taken_apart(target: bytes, authority: bytes, origin_form: bytes) -> None:
    """No path is the root, and another scheme stays with its host, so that no host is called that."""
    assert (authority, origin_form) == Target.of(target)


@pytest.mark.parametrize(
    ("version", "headers", "expected"),
    [
        ("1.1", [(b"host", b"b.test"), (b"x", b"y")], [(b"host", b"a.test"), (b"x", b"y")]),
        ("1.1", [(b"host", b"b.test")] * 2, [(b"host", b"a.test")] * 2),
        ("1.1", [(b"x", b"y")], [(b"x", b"y")]),
        ("1.0", [(b"x", b"y")], [(b"x", b"y"), (b"host", b"a.test")]),
        ("1.0", [(b"host", b"b.test")], [(b"host", b"a.test")]),
    ],
)
def test_the_target_prevails_over_the_header(version: str, headers: Headers, expected: Headers) -> None:
    """Too many hosts stay too many, and one that HTTP/1.1 demands stays missing."""
    assert expected == Target(b"a.test", b"/").prevail(headers, version)


@pytest.mark.parametrize(
    ("data", "is_method", "expected"),
    [
        (b"BREW / HTTP/1.1\r\n\r\n", True, METHOD_NOT_IMPLEMENTED),
        (GET + b"BREW / HTTP/1.1\r\n", True, METHOD_NOT_IMPLEMENTED),
        (b"get / HTTP/1.0\n", True, METHOD_NOT_IMPLEMENTED),
        (b"GETS / HTTP/1.1\r\n", True, METHOD_NOT_IMPLEMENTED),
        (b"BREW / HTTP/2.0\r\n", True, VERSION_NOT_SUPPORTED),
        (b"GET / HTTP/3.0\r\n", False, VERSION_NOT_SUPPORTED),
        (GET + b"GET / HTTP/0.9\r\n", False, VERSION_NOT_SUPPORTED),
        (b"PROPFIND / HTTP/1.1\r\nno colon\r\n", False, None),
        (GET + b"\x00" * 9, True, None),
        (b"NONSENSE\r\n\r\n", True, None),
        (b"BREW", True, None),
        (b"GET / HTTP/1.2\r\n", False, None),
    ],
)
def test_a_request_line_says_why_it_is_not_understood(data: bytes, is_method: bool, expected: Problem | None) -> None:
    """One that is whole, with a method or a version that nobody speaks; all else is no HTTP."""
    assert expected is unspoken(data, is_method=is_method)
