# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LibraryEdge")


@_attrs_define
class LibraryEdge:
    """A track's place in somebody's library.

    Attributes:
        id (str): Identifier of the edge, `mlib_…`.
        track_id (str): The track, `mtrack_…`.
        source (str): How the track came into the library; `shared` for a saved link.
        share_link_id (None | str): The link it came by, `mslink_…`, or null.
        created_at (datetime.datetime): When the edge was made.
    """

    id: str
    track_id: str
    source: str
    share_link_id: None | str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        track_id = self.track_id

        source = self.source

        share_link_id: None | str
        share_link_id = self.share_link_id

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "track_id": track_id,
                "source": source,
                "share_link_id": share_link_id,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        track_id = d.pop("track_id")

        source = d.pop("source")

        def _parse_share_link_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        share_link_id = _parse_share_link_id(d.pop("share_link_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        library_edge = cls(
            id=id,
            track_id=track_id,
            source=source,
            share_link_id=share_link_id,
            created_at=created_at,
        )

        library_edge.additional_properties = d
        return library_edge

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
