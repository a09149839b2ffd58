"""The end of links: by time and by revocation. It takes a clock that can be set, or somebody who revokes."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from ..checks import require, require_equal, require_error, require_form, require_status
from ..control import Control
from ..evidence import minted, track_view
from ..expectations import Json
from ..outcome import NotReachable
from ..row import Row, Topic
from ..trial import JSON, TRACK, Trial
from ..wire import Answer

_DAY = 86400
_ABOUT = Topic("lifecycle", "resolveShare")
_SAVES = Topic("lifecycle", "saveSharedTrack")


def rows() -> Iterable[Row]:
    """The rows of links that end."""
    yield _ABOUT.documented(
        "lives-until-expiry",
        "A link opens until the last second of its lifetime.",
        lambda t: require_status(200, _ends(t)[0]),
    )
    yield _ABOUT.decided(
        "expired-at-expiry",
        "From the moment `expires_at` on, a link is expired.",
        lambda t: require_error(_ends(t)[1], "resolveShare", 404, "expired", details={}),
    )
    yield _SAVES.decided(
        "save-expired-at-expiry",
        "From that moment on, it cannot be saved either.",
        lambda t: require_error(_ends(t)[2], "saveSharedTrack", 404, "expired", details={}),
    )
    yield _ABOUT.elsewhere(
        "revoked-no-longer-opens",
        "A link that opened before it was revoked is the documented 404 afterwards.",
        lambda t: require_error(t.resolve(_revoked(t)["token"]), "resolveShare", 404, "revoked", details={}),
    )
    yield _SAVES.elsewhere(
        "revoked-no-longer-saves",
        "Nor can it be saved any more.",
        lambda t: require_error(
            t.save(_revoked(t)["token"], t.key("outsider_key")), "saveSharedTrack", 404, "revoked", details={}
        ),
    )
    yield _SAVES.elsewhere("saver-keeps-copy", "Who saved before the revocation keeps the copy.", _keeps)
    yield _ABOUT.documented("playback-short-lived", "A playback URL of yesterday gives nothing.", _short_lived)
    yield _ABOUT.documented("audited", "Every opening is taken down with the client's address.", _audited)
    yield _ABOUT.decided(
        "expired-and-removed", "For an expired link to removed content, the 404 wins.", _expired_and_removed
    )


def _control(trial: Trial, why: str) -> Control:
    if trial.target.control is None:
        raise NotReachable(f"needs a sandbox of a mock: {why}")
    return trial.target.control


def _ends(trial: Trial) -> tuple[Answer, Answer, Answer]:
    """A link of one day: opened in its last second, opened after it, and saved after it."""

    def live() -> tuple[Answer, Answer, Answer]:
        control = _control(trial, "nobody else can let a day go by")
        token = minted(trial, TRACK, expires_in_days=1)["token"]
        control.advance(_DAY - 1)
        last = trial.resolve(token)
        control.advance(1)
        return last, trial.resolve(token), trial.save(token, trial.key("outsider_key"))

    return trial.once("ends", live)


def _revoked(trial: Trial) -> Json:
    """A link that opened and was saved, and was revoked after that."""

    def revoke() -> Json:
        control = _control(trial, "the contract has no operation that revokes; give a revoked token to try the rest")
        made = minted(trial, TRACK)
        trial.resolve(made["token"])
        saved = trial.save(made["token"], trial.key("member_key"))
        control.revoke(made["id"])
        return {**made, "saved": saved.data}

    return trial.once("revoked", revoke)


def _keeps(trial: Trial) -> None:
    before = _revoked(trial)["saved"]
    after = trial.save(minted(trial, TRACK)["token"], trial.key("member_key"))
    require_status(201, after)
    require_equal(before, after.data)


def _short_lived(trial: Trial) -> None:
    control = _control(trial, "nobody else can let a day go by")
    url = track_view(trial).get("playback_url")
    require_form("https?://.+", url)
    control.advance(_DAY)
    status = trial.fetch(str(url)).status
    require(400 <= status < 500, "a refusal", f"status {status}")


def _audited(trial: Trial) -> None:
    control = _control(trial, "nobody else shows its records")
    made = minted(trial, TRACK)
    trial.resolve(made["token"])
    latest = [each for each in control.audit() if each.get("share_link_id") == made["id"]]
    require(any(_is_address(each.get("client_ip")) for each in latest), "an entry with the client's address", latest)


def _is_address(value: Any) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


def _expired_and_removed(trial: Trial) -> None:
    require_error(trial.resolve(_expired_removed_token(trial)), "resolveShare", 404, "expired", details={})


def _expired_removed_token(trial: Trial) -> str:
    control = trial.target.control
    if control is None:
        return trial.given("expired_removed_token")
    track = trial.given("untitled_track")
    headers = {**trial.key("owner_key"), **JSON}
    answer = trial.share(TRACK, headers, b'{"expires_in_days":1}', target=track)
    require_status(201, answer)
    control.remove_track(track)
    control.advance(_DAY + 1)
    return str(answer.fields.get("token"))
