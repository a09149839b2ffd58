# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_envelope import ErrorEnvelope
from ...models.share_link import ShareLink
from ...models.share_request import ShareRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    organization_id: str,
    collection_id: str,
    *,
    body: ShareRequest | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/music/{organization_id}/collections/{collection_id}/share".format(
            organization_id=quote(str(organization_id), safe=""),
            collection_id=quote(str(collection_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorEnvelope | ShareLink | None:
    if response.status_code == 201:
        response_201 = ShareLink.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = ErrorEnvelope.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorEnvelope.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ErrorEnvelope.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = ErrorEnvelope.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ErrorEnvelope.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = ErrorEnvelope.from_dict(response.json())

        return response_422

    if response.status_code == 500:
        response_500 = ErrorEnvelope.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorEnvelope | ShareLink]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    organization_id: str,
    collection_id: str,
    *,
    client: AuthenticatedClient,
    body: ShareRequest | Unset = UNSET,
) -> Response[ErrorEnvelope | ShareLink]:
    """Share a collection

     Mints a share link for one collection, under the rules of sharing a track. Recipients can open the
    collection and play its tracks, and can save none of it from this link.

    Args:
        organization_id (str):
        collection_id (str):
        body (ShareRequest | Unset): How to share. An unknown field is refused, because a misspelt
            `expires_in_days` would otherwise mint a link that never expires.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | ShareLink]
    """

    kwargs = _get_kwargs(
        organization_id=organization_id,
        collection_id=collection_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    organization_id: str,
    collection_id: str,
    *,
    client: AuthenticatedClient,
    body: ShareRequest | Unset = UNSET,
) -> ErrorEnvelope | ShareLink | None:
    """Share a collection

     Mints a share link for one collection, under the rules of sharing a track. Recipients can open the
    collection and play its tracks, and can save none of it from this link.

    Args:
        organization_id (str):
        collection_id (str):
        body (ShareRequest | Unset): How to share. An unknown field is refused, because a misspelt
            `expires_in_days` would otherwise mint a link that never expires.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | ShareLink
    """

    return sync_detailed(
        organization_id=organization_id,
        collection_id=collection_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    organization_id: str,
    collection_id: str,
    *,
    client: AuthenticatedClient,
    body: ShareRequest | Unset = UNSET,
) -> Response[ErrorEnvelope | ShareLink]:
    """Share a collection

     Mints a share link for one collection, under the rules of sharing a track. Recipients can open the
    collection and play its tracks, and can save none of it from this link.

    Args:
        organization_id (str):
        collection_id (str):
        body (ShareRequest | Unset): How to share. An unknown field is refused, because a misspelt
            `expires_in_days` would otherwise mint a link that never expires.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | ShareLink]
    """

    kwargs = _get_kwargs(
        organization_id=organization_id,
        collection_id=collection_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    organization_id: str,
    collection_id: str,
    *,
    client: AuthenticatedClient,
    body: ShareRequest | Unset = UNSET,
) -> ErrorEnvelope | ShareLink | None:
    """Share a collection

     Mints a share link for one collection, under the rules of sharing a track. Recipients can open the
    collection and play its tracks, and can save none of it from this link.

    Args:
        organization_id (str):
        collection_id (str):
        body (ShareRequest | Unset): How to share. An unknown field is refused, because a misspelt
            `expires_in_days` would otherwise mint a link that never expires.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | ShareLink
    """

    return (
        await asyncio_detailed(
            organization_id=organization_id,
            collection_id=collection_id,
            client=client,
            body=body,
        )
    ).parsed
