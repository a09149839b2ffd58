# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.target_type import TargetType
from ..models.visibility import Visibility

T = TypeVar("T", bound="ShareLink")


@_attrs_define
class ShareLink:
    """A share link at its creation, the only moment at which `token` and `url` can be read.

    Attributes:
        id (str): Identifier of the link, `mslink_…`. Not a secret.
        token (str): The raw token, `shr_…`. A secret, shown once.
        url (str): Opens the link without a key. Contains the token.
        target_type (TargetType): What a share link leads to.
        visibility (Visibility): `link_only`: for whoever holds the link. `public`: for everybody.
        expires_at (datetime.datetime | None): Creation plus the lifetime, or null where the link lives for ever. From
            this moment on the link is expired.
        created_at (datetime.datetime): When the link was made.
    """

    id: str
    token: str
    url: str
    target_type: TargetType
    visibility: Visibility
    expires_at: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        token = self.token

        url = self.url

        target_type = self.target_type.value

        visibility = self.visibility.value

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "token": token,
                "url": url,
                "target_type": target_type,
                "visibility": visibility,
                "expires_at": expires_at,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        token = d.pop("token")

        url = d.pop("url")

        target_type = TargetType(d.pop("target_type"))

        visibility = Visibility(d.pop("visibility"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        share_link = cls(
            id=id,
            token=token,
            url=url,
            target_type=target_type,
            visibility=visibility,
            expires_at=expires_at,
            created_at=created_at,
        )

        share_link.additional_properties = d
        return share_link

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
