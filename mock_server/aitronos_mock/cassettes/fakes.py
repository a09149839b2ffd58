"""What cassettes show in place of secrets and of values that are new at every recording."""

from __future__ import annotations

import re

SERVER = "https://api.aitronos.com"
"""The documented server, whichever one was recorded."""

MEDIA = "https://cdn.aitronos.com/music/track"
"""Where the documentation's playback URLs lead."""

SIGNATURE = "fake"
"""The signature of every playback URL."""

NOW = "2026-06-28T10:30:00Z"
"""The moment at which everything in a cassette happens."""

_DIGITS = {"shr": 32}
_USUAL_DIGITS = 12
_MARK = "fa4e"
_FAKE = re.compile(
    r"shr_fa4e0{20}[0-9a-f]{8}"
    r"|(?:req|org|mtrack|mcoll|mslink|mlib)_fa4e[0-9a-f]{8}"
    # Words without a digit, and what recorders write over a secret.
    r"|fake(?:-[a-z]+)*"
    r"|[\[<*]?(?:dummy|filtered|redacted|DUMMY|FILTERED|REDACTED)[\]>*]?"
)


def numbered(prefix: str, number: int) -> str:
    """The fake identifier or token of a number, in the documented form and easy to tell from a real one.

    Args:
        prefix: `shr` for a token; `req`, `org`, `mtrack`, `mcoll`, `mslink` or `mlib` for an identifier.
        number: From 0.
    """
    return f"{prefix}_{_MARK}{number:0{_DIGITS.get(prefix, _USUAL_DIGITS) - len(_MARK)}x}"


def is_fake(text: str) -> bool:
    """Whether a text says by its form that it is no secret.

    It is one of the above; or the word `fake` with more words behind hyphens, as the recorder's keys; or one of the
    words dummy, filtered and redacted, bare or in brackets.
    """
    return _FAKE.fullmatch(text) is not None
