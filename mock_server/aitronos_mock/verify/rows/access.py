"""Who may do what: credentials, membership, ownership."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ..checks import WORDED, require_equal, require_error, require_status
from ..given import UNKNOWN_TOKEN
from ..row import Row, Topic
from ..trial import KINDS, NOBODY, UNKNOWN_KEY, Kind, Trial
from ..wire import Answer, Headers

_Ask = Callable[[Trial, Headers], Answer]
_ODD_KEY: Headers = {"X-API-Key": "?! not of any form !?"}
_ODD_ID = "no id at all"


def rows() -> Iterable[Row]:
    """The rows of all operations that demand a credential."""
    for kind in KINDS:
        about = Topic(f"share-{kind.name}", kind.operation)
        yield from _credentials(about, partial(_share, kind=kind), partial(_mint, kind=kind))
        yield from _membership(about, kind)
        yield from _ownership(about, kind)
    yield from _credentials(Topic("save", "saveSharedTrack"), _save, _save_for_good)


def _credentials(about: Topic, ask: _Ask, ask_for_good: _Ask) -> Iterable[Row]:
    def refused(headers: Headers, cause: str) -> Callable[[Trial], None]:
        return lambda t: require_error(ask(t, headers), about.operation, 401, cause, details={})

    yield about.documented(
        "no-key", "Without a credential, the answer is the documented 401.", refused(NOBODY, "missing_key")
    )
    yield about.documented(
        "unknown-key",
        "With a key that nobody holds, the answer is the documented 401.",
        refused(UNKNOWN_KEY, "invalid_key"),
    )
    yield about.elsewhere(
        "odd-key", "A key is looked up and never judged by its form.", refused(_ODD_KEY, "invalid_key")
    )
    yield about.elsewhere(
        "bearer",
        "A key is taken as bearer credential too.",
        lambda t: require_status(201, ask_for_good(t, t.bearer("owner_key"))),
    )
    yield about.decided(
        "both-good-key",
        "Where both credentials are sent, a good `X-API-Key` counts.",
        lambda t: require_status(201, ask_for_good(t, {**t.key("owner_key"), "Authorization": "Bearer nobody"})),
    )
    yield about.decided(
        "both-bad-key",
        "Where both credentials are sent, a bad `X-API-Key` counts.",
        lambda t: require_error(ask(t, {**t.bearer("owner_key"), **UNKNOWN_KEY}), about.operation, 401, "invalid_key"),
    )


def _membership(about: Topic, kind: Kind) -> Iterable[Row]:
    def outside(trial: Trial) -> Answer:
        return trial.once(("outside", kind), lambda: trial.share(kind, trial.key("outsider_key")))

    def nowhere(trial: Trial) -> Answer:
        return trial.share(kind, trial.key("owner_key"), organization="org_nowhere")

    yield about.elsewhere(
        "not-a-member",
        "Who is no member of the organization gets 403 and the documented message.",
        lambda t: require_error(outside(t), kind.operation, 403, "not_a_member", fields=("code", "message")),
    )
    yield about.decided(
        "not-a-member-type",
        "The type of that error is `authorization_error`.",
        lambda t: require_equal("authorization_error", outside(t).error.get("type")),
    )
    yield about.decided(
        "unknown-organization",
        "An organization that does not exist is answered as one of others.",
        lambda t: require_error(
            nowhere(t), kind.operation, 403, "unknown_organization", fields=("code", "type", "message")
        ),
    )


def _ownership(about: Topic, kind: Kind) -> Iterable[Row]:
    def absent(trial: Trial, who: str, target: str, cause: str) -> None:
        answer = trial.share(kind, trial.key(who), target=target)
        require_error(answer, kind.operation, 404, cause, fields=WORDED, details={kind.id_name: target})

    yield about.documented(
        "not-owner",
        "For another member of the organization, the content does not exist: the documented 404.",
        lambda t: absent(t, "member_key", t.given(kind.name), "not_owner"),
    )
    yield about.documented(
        "unknown",
        f"A {kind.name} that nobody has is the documented 404, with its id in the details.",
        lambda t: absent(t, "owner_key", kind.unknown, "unknown"),
    )
    yield about.decided(
        "removed",
        f"A {kind.name} that its creator removed cannot be shared: 404.",
        lambda t: absent(t, "owner_key", t.given(f"removed_{kind.name}"), "removed"),
    )
    yield about.decided(
        "odd-id",
        "An id of any other form is answered as an unknown one.",
        lambda t: absent(t, "owner_key", _ODD_ID, "unknown"),
    )


def _share(trial: Trial, headers: Headers, kind: Kind) -> Answer:
    return trial.share(kind, headers)


def _mint(trial: Trial, headers: Headers, kind: Kind) -> Answer:
    trial.require_destruction()
    return trial.share(kind, headers)


def _save(trial: Trial, headers: Headers) -> Answer:
    # Who may not save learns nothing of the link, so that any will do.
    return trial.save(UNKNOWN_TOKEN, headers)


def _save_for_good(trial: Trial, headers: Headers) -> Answer:
    from ..evidence import token

    trial.require_destruction()
    return trial.save(token(trial, KINDS[0]), headers)
