"""Results as people like to read them."""

from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from ._generated.models import TrackView
from .models import LibraryEdge, SharedCollection, SharedTrack, SharedView, ShareLink

Rows = list[tuple[str, str]]


def share_link(link: ShareLink) -> RenderableType:
    """A new link. Its token and URL are shown, since this is the only chance to see them."""
    return _facts(
        f"Share link of a {link.target_type}",
        [
            ("url", link.url),
            ("token", link.token),
            ("visibility", link.visibility),
            ("expires", _moment(link.expires_at)),
            ("id", link.id),
        ],
        note="Keep the URL or the token now: they cannot be read again.",
    )


def shared_view(view: SharedView) -> RenderableType:
    """What a link shows."""
    match view:
        case SharedTrack():
            return _facts(view.track.title or "Untitled track", [*_track_rows(view.track), *_share_rows(view)])
        case SharedCollection():
            rows = [("description", view.collection.description or "none"), ("id", view.collection.id)]
            return Group(_facts(view.collection.name, [*rows, *_share_rows(view)]), _track_list(view.tracks))
        case _:
            return _plain(view.message or f"This version cannot show a {view.kind}; --json prints the whole answer.")


def library_edge(edge: LibraryEdge) -> RenderableType:
    """A track's place in the library."""
    rows = [("track", edge.track_id), ("source", edge.source), ("link", edge.share_link_id or "none"), ("id", edge.id)]
    return _facts("Saved to your library", [*rows, ("since", _moment(edge.created_at))])


def _track_rows(track: TrackView) -> Rows:
    return [
        ("play", track.playback_url),
        ("length", _length(track.measured_duration_seconds)),
        ("made with", f"{track.engine}, {track.mode}" + (", instrumental" if track.instrumental else "")),
        ("licence", _licence(track)),
        ("id", track.id),
    ]


def _share_rows(view: SharedTrack | SharedCollection) -> Rows:
    return [("visibility", view.share.visibility), ("expires", _moment(view.share.expires_at))]


def _track_list(tracks: list[TrackView]) -> RenderableType:
    if not tracks:
        return Text("No tracks.")
    table = Table("#", "title", "length", "licence", Column("play", overflow="fold"))
    for position, track in enumerate(tracks, 1):
        cells = (track.title or "Untitled", _length(track.measured_duration_seconds), _licence(track))
        table.add_row(str(position), *map(_plain, cells), _plain(track.playback_url))
    return table


def _licence(track: TrackView) -> str:
    licence = track.licence
    commercial = "commercial use" if licence.commercial_use else "no commercial use"
    credit = ", credit the creator" if licence.requires_attribution else ""
    return f"{licence.licence_class} {licence.licence_version}: {commercial}{credit}"


def _length(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _moment(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S %Z}".rstrip()


def _facts(title: str, rows: Rows, note: str | None = None) -> RenderableType:
    table = Table(title=_plain(title), caption=note, show_header=False, title_justify="left", caption_justify="left")
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, _plain(value))
    return table


def _plain(text: str) -> Text:
    """Text of the server, which is no markup and no command to the terminal."""
    return Text("".join(char if char.isprintable() else "�" for char in text))
