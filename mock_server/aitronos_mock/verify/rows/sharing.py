"""What a share answers: the link, its terms and its forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ...clock import moment_of
from ..checks import MOMENT, require, require_equal, require_form, require_status, require_valid
from ..evidence import first_opening, first_save, first_share, link, minted
from ..expectations import Json
from ..outcome import Mismatch
from ..row import Row, Topic
from ..trial import JSON, KINDS, Kind, Trial
from ..wire import Answer

_DAY = 86400


def rows() -> Iterable[Row]:
    """The rows of both kinds."""
    for kind in KINDS:
        yield from _answers(kind)
        yield from _terms(kind)


def _answers(kind: Kind) -> Iterable[Row]:
    about = Topic(f"share-{kind.name}", kind.operation)
    yield about.documented(
        "created", "The owner's share is answered with 201 and a token.", partial(_created, kind=kind)
    )
    yield about.documented(
        "schema",
        "A share link has all its fields, each of its type.",
        lambda t: require_valid(kind.operation, 201, link(t, kind)),
    )
    yield about.documented(
        "target-type",
        f"`target_type` is `{kind.name}`.",
        lambda t: require_equal(kind.name, link(t, kind).get("target_type")),
    )
    yield about.documented(
        "id-form",
        "`id` is `mslink_` and 12 hexadecimal digits.",
        lambda t: require_form("mslink_[0-9a-f]{12}", link(t, kind).get("id")),
    )
    yield about.documented(
        "token-form",
        "`token` is `shr_` and 32 hexadecimal digits.",
        lambda t: require_form("shr_[0-9a-f]{32}", link(t, kind).get("token")),
    )
    yield about.documented("url", "`url` is absolute and ends with the token's path.", partial(_url, kind=kind))
    yield about.documented(
        "created-at",
        "`created_at` is a moment in UTC, in whole seconds.",
        lambda t: require_form(MOMENT, link(t, kind).get("created_at")),
    )
    yield about.documented(
        "token-once",
        "The raw token is in the answer to the share alone: neither opening nor saving shows it.",
        partial(_token_once, kind=kind),
    )
    yield about.decided(
        "always-new", "Sharing again makes another link with another token.", partial(_always_new, kind=kind)
    )


def _terms(kind: Kind) -> Iterable[Row]:
    about = Topic(f"share-{kind.name}", kind.operation)
    yield about.documented(
        "default-visibility",
        "Without a body, the visibility is `link_only`.",
        lambda t: require_equal("link_only", link(t, kind).get("visibility")),
    )
    yield about.documented(
        "default-expiry",
        "Without a body, the link never expires.",
        lambda t: require_equal(None, link(t, kind).get("expires_at", "no such field")),
    )
    yield about.documented(
        "empty-body",
        "An empty body means the defaults, whatever its media type.",
        lambda t: _require_defaults(_mint_raw(t, kind, b"")),
    )
    yield about.documented(
        "empty-object", "The body `{}` means the defaults.", lambda t: _require_defaults(_mint_raw(t, kind, b"{}"))
    )
    yield about.documented(
        "public",
        "A share as `public` makes a public link.",
        lambda t: require_equal("public", minted(t, kind, visibility="public").get("visibility")),
    )
    yield about.documented(
        "link-only",
        "A share as `link_only`, said in so many words, makes such a link.",
        lambda t: require_equal("link_only", minted(t, kind, visibility="link_only").get("visibility")),
    )
    yield about.documented(
        "lifetime",
        "A lifetime of 30 days is exactly 30 times 24 hours.",
        partial(_lives, kind=kind, days=30),
    )
    yield about.documented("shortest", "A lifetime of 1 day is taken.", partial(_lives, kind=kind, days=1))
    yield about.documented("longest", "A lifetime of 90 days is taken.", partial(_lives, kind=kind, days=90))
    yield about.documented(
        "clamped", "A lifetime of 91 days is taken as 90.", partial(_lives, kind=kind, days=91, granted=90)
    )
    yield about.documented(
        "clamped-far",
        "A lifetime of more days than any calendar has is taken as 90.",
        partial(_lives, kind=kind, days=10**12, granted=90),
    )
    yield about.decided(
        "days-null",
        "`expires_in_days: null` makes a link that never expires.",
        lambda t: require_equal(None, _created_with(t, kind, b'{"expires_in_days":null}').get("expires_at", "missing")),
    )


def _created(trial: Trial, kind: Kind) -> None:
    answer = first_share(trial, kind)
    require_status(201, answer)
    has_both = all(isinstance(answer.fields.get(name), str) for name in ("id", "token"))
    require(has_both, "an object with id and token", answer.data)


def _url(trial: Trial, kind: Kind) -> None:
    made = link(trial, kind)
    require_form(r"https?://[^/]+(/.*)?", made.get("url"))
    url = str(made["url"])
    # The token itself is not to be shown.
    ends = url.endswith(f"/v1/music/shared/{made['token']}")
    require(ends, "an address that ends with /v1/music/shared/ and the token", "another address")


def _token_once(trial: Trial, kind: Kind) -> None:
    raw = str(link(trial, kind)["token"]).encode("utf-8", "surrogatepass")
    later = [first_opening(trial, kind)]
    if kind is KINDS[0] and trial.target.given.recipient_key is not None:
        later.append(first_save(trial))
    for answer in later:
        require(raw not in answer.content, "no token", f"the token, in an answer {answer.status}")


def _always_new(trial: Trial, kind: Kind) -> None:
    first, second = link(trial, kind), minted(trial, kind)
    for name in ("id", "token"):
        require(first[name] != second[name], f"another {name}", f"the {name} of the first link")


def _mint_raw(trial: Trial, kind: Kind, body: bytes) -> Answer:
    trial.require_destruction()
    return trial.share(kind, {**trial.key("owner_key"), **JSON}, body)


def _created_with(trial: Trial, kind: Kind, body: bytes) -> Json:
    answer = _mint_raw(trial, kind, body)
    require_status(201, answer)
    return answer.fields


def _require_defaults(answer: Answer) -> None:
    require_status(201, answer)
    expected: Json = {"visibility": "link_only", "expires_at": None}
    require_equal(expected, {name: answer.fields.get(name, "no such field") for name in expected})


def _lives(trial: Trial, kind: Kind, days: int, granted: int | None = None) -> None:
    answer = trial.mint(kind, {"expires_in_days": days})
    require_status(201, answer)
    created, expires = (_seconds(answer.fields.get(name)) for name in ("created_at", "expires_at"))
    require_equal((granted or days) * _DAY, expires - created)


def _seconds(value: Any) -> int:
    try:
        return moment_of(value)
    except (TypeError, ValueError):
        raise Mismatch("a moment such as 2026-06-28T10:30:00Z", value) from None
