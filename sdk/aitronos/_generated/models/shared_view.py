# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.target_type import TargetType

if TYPE_CHECKING:
    from ..models.collection_view import CollectionView
    from ..models.share_info import ShareInfo
    from ..models.track_view import TrackView


T = TypeVar("T", bound="SharedView")


@_attrs_define
class SharedView:
    """What a share link shows. All seven keys are always there; of `track`, `collection` and `tracks`, those that do not
    apply are null, and all three are while `available` is false.

        Attributes:
            kind (TargetType): What a share link leads to.
            available (bool): False once the creator removed the content.
            message (None | str): For people, why the content is unavailable; null while it is available.
            share (ShareInfo): What the public may know of a share link.
            track (None | TrackView): The track of a track link.
            collection (CollectionView | None): The collection of a collection link.
            tracks (list[TrackView] | None): The tracks of a collection link by position, ascending. Removed tracks are left
                out; an empty collection has an empty list.
    """

    kind: TargetType
    available: bool
    message: None | str
    share: ShareInfo
    track: None | TrackView
    collection: CollectionView | None
    tracks: list[TrackView] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.collection_view import CollectionView  # noqa: PLC0415
        from ..models.track_view import TrackView  # noqa: PLC0415

        kind = self.kind.value

        available = self.available

        message: None | str
        message = self.message

        share = self.share.to_dict()

        track: dict[str, Any] | None
        if isinstance(self.track, TrackView):
            track = self.track.to_dict()
        else:
            track = self.track

        collection: dict[str, Any] | None
        if isinstance(self.collection, CollectionView):
            collection = self.collection.to_dict()
        else:
            collection = self.collection

        tracks: list[dict[str, Any]] | None
        if isinstance(self.tracks, list):
            tracks = []
            for tracks_type_0_item_data in self.tracks:
                tracks_type_0_item = tracks_type_0_item_data.to_dict()
                tracks.append(tracks_type_0_item)

        else:
            tracks = self.tracks

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "available": available,
                "message": message,
                "share": share,
                "track": track,
                "collection": collection,
                "tracks": tracks,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.collection_view import CollectionView  # noqa: PLC0415
        from ..models.share_info import ShareInfo  # noqa: PLC0415
        from ..models.track_view import TrackView  # noqa: PLC0415

        d = dict(src_dict)
        kind = TargetType(d.pop("kind"))

        available = d.pop("available")

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        share = ShareInfo.from_dict(d.pop("share"))

        def _parse_track(data: object) -> None | TrackView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                track_type_0 = TrackView.from_dict(data)

                return track_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TrackView, data)

        track = _parse_track(d.pop("track"))

        def _parse_collection(data: object) -> CollectionView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                collection_type_0 = CollectionView.from_dict(data)

                return collection_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CollectionView | None, data)

        collection = _parse_collection(d.pop("collection"))

        def _parse_tracks(data: object) -> list[TrackView] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tracks_type_0 = []
                _tracks_type_0 = data
                for tracks_type_0_item_data in _tracks_type_0:
                    tracks_type_0_item = TrackView.from_dict(tracks_type_0_item_data)

                    tracks_type_0.append(tracks_type_0_item)

                return tracks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[TrackView] | None, data)

        tracks = _parse_tracks(d.pop("tracks"))

        shared_view = cls(
            kind=kind,
            available=available,
            message=message,
            share=share,
            track=track,
            collection=collection,
            tracks=tracks,
        )

        shared_view.additional_properties = d
        return shared_view

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
