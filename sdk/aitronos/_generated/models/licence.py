# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.licence_class import LicenceClass

T = TypeVar("T", bound="Licence")


@_attrs_define
class Licence:
    """What a listener may do with the track, never more than what holds.

    Attributes:
        licence_class (LicenceClass): What the licence of a track amounts to.
        licence_version (str): Edition of the licence terms, `YYYY-MM`.
        commercial_use (bool): Whether commercial use is allowed. True for the classes `commercial_cleared` and
            `commercial_enterprise`, false for every other one, those to come included.
        requires_attribution (bool): Whether the creator must be named.
    """

    licence_class: LicenceClass
    licence_version: str
    commercial_use: bool
    requires_attribution: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        licence_class = self.licence_class.value

        licence_version = self.licence_version

        commercial_use = self.commercial_use

        requires_attribution = self.requires_attribution

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "licence_class": licence_class,
                "licence_version": licence_version,
                "commercial_use": commercial_use,
                "requires_attribution": requires_attribution,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        licence_class = LicenceClass(d.pop("licence_class"))

        licence_version = d.pop("licence_version")

        commercial_use = d.pop("commercial_use")

        requires_attribution = d.pop("requires_attribution")

        licence = cls(
            licence_class=licence_class,
            licence_version=licence_version,
            commercial_use=commercial_use,
            requires_attribution=requires_attribution,
        )

        licence.additional_properties = d
        return licence

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
