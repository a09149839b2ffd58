# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.licence import Licence


T = TypeVar("T", bound="TrackView")


@_attrs_define
class TrackView:
    """One track, ready to play.

    Attributes:
        id (str): Identifier, `mtrack_…`.
        title (None | str): Title, or null where none was given.
        engine (str): Key of the engine that made the track, for instance `studio`. An open set.
        mode (str): How it was made, for instance `creation` or `focus`. An open set.
        measured_duration_seconds (float | None): Measured length in seconds, or null where unknown.
        instrumental (bool): True for a track without vocals.
        playback_url (str): Signed, short-lived address of the audio, new at each open. A secret while it lives.
        licence (Licence): What a listener may do with the track, never more than what holds.
    """

    id: str
    title: None | str
    engine: str
    mode: str
    measured_duration_seconds: float | None
    instrumental: bool
    playback_url: str
    licence: Licence
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        title: None | str
        title = self.title

        engine = self.engine

        mode = self.mode

        measured_duration_seconds: float | None
        measured_duration_seconds = self.measured_duration_seconds

        instrumental = self.instrumental

        playback_url = self.playback_url

        licence = self.licence.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "title": title,
                "engine": engine,
                "mode": mode,
                "measured_duration_seconds": measured_duration_seconds,
                "instrumental": instrumental,
                "playback_url": playback_url,
                "licence": licence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.licence import Licence  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        engine = d.pop("engine")

        mode = d.pop("mode")

        def _parse_measured_duration_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        measured_duration_seconds = _parse_measured_duration_seconds(
            d.pop("measured_duration_seconds")
        )

        instrumental = d.pop("instrumental")

        playback_url = d.pop("playback_url")

        licence = Licence.from_dict(d.pop("licence"))

        track_view = cls(
            id=id,
            title=title,
            engine=engine,
            mode=mode,
            measured_duration_seconds=measured_duration_seconds,
            instrumental=instrumental,
            playback_url=playback_url,
            licence=licence,
        )

        track_view.additional_properties = d
        return track_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
