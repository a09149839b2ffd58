"""Pages for share links."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from aitronos import (
    Aitronos,
    AitronosError,
    NotFoundError,
    RateLimitError,
    SharedCollection,
    SharedTrack,
    SharedView,
    TrackView,
    UnavailableShare,
)

UNTITLED = "Untitled"


class Page(NamedTuple):
    """What a visitor gets.

    Attributes:
        status: Of HTTP.
        html: The body of the page.
    """

    status: int
    html: str


def page(token: str) -> Page:
    """The page of a share link; no visitor needs a key."""
    try:
        with Aitronos(timeout=5, max_retries=1) as client:
            return _shown(client.music.resolve_share(token))
    except NotFoundError as error:
        return Page(404, _paragraph(error.message or "This link is gone."))
    except RateLimitError as error:
        return Page(503, _paragraph(f"Come back in {error.retry_after or 60:.0f} seconds."))
    except AitronosError:
        return Page(502, _paragraph("The music is out of reach."))


def keep(token: str, key: str) -> str:
    """Save a shared track to a listener's library, and give the identifier of the track."""
    with Aitronos(key) as client:
        return client.music.save_shared_track(token).track_id


def _shown(view: SharedView) -> Page:
    match view:
        case SharedTrack(track=track):
            return Page(200, _player(track))
        case SharedCollection(collection=collection, tracks=tracks):
            return Page(200, f"<h1>{escape(collection.name)}</h1>" + "".join(map(_player, tracks)))
        case UnavailableShare(message=message):
            return Page(410, _paragraph(message or "This is no longer here."))
        case _:
            return Page(502, _paragraph("This kind of link cannot be shown yet."))


def _player(track: TrackView) -> str:
    title = escape(track.title or UNTITLED)
    return (
        f'<figure><figcaption>{title}</figcaption><audio src="{escape(track.playback_url)}" controls></audio></figure>'
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
