# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.error_details import ErrorDetails


T = TypeVar("T", bound="ErrorBody")


@_attrs_define
class ErrorBody:
    """What went wrong.

    Attributes:
        code (str): For programs, for instance `RESOURCE_NOT_FOUND`. An open set.
        message (str): For people.
        system_message (str): For developers.
        type_ (str): The family of the error: `client_error`, `authentication_error`, `authorization_error`,
            `rate_limit_error`, `server_error`. An open set.
        status (int): The HTTP status.
        details (ErrorDetails): Facts about the error, often none. A validation error names `field` and `value` of the
            first failure and, in `errors`, `field` and `message` of every one; a resource that was not found names its
            identifier.
        trace_id (str): The `x-request-id` of the answer, to be named in a report.
        timestamp (datetime.datetime): When the error was answered.
    """

    code: str
    message: str
    system_message: str
    type_: str
    status: int
    details: ErrorDetails
    trace_id: str
    timestamp: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        message = self.message

        system_message = self.system_message

        type_ = self.type_

        status = self.status

        details = self.details.to_dict()

        trace_id = self.trace_id

        timestamp = self.timestamp.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "message": message,
                "system_message": system_message,
                "type": type_,
                "status": status,
                "details": details,
                "trace_id": trace_id,
                "timestamp": timestamp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.error_details import ErrorDetails  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("code")

        message = d.pop("message")

        system_message = d.pop("system_message")

        type_ = d.pop("type")

        status = d.pop("status")

        details = ErrorDetails.from_dict(d.pop("details"))

        trace_id = d.pop("trace_id")

        timestamp = datetime.datetime.fromisoformat(d.pop("timestamp"))

        error_body = cls(
            code=code,
            message=message,
            system_message=system_message,
            type_=type_,
            status=status,
            details=details,
            trace_id=trace_id,
            timestamp=timestamp,
        )

        error_body.additional_properties = d
        return error_body

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
