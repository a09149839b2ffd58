# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_envelope import ErrorEnvelope
from ...models.library_edge import LibraryEdge
from ...types import Response


def _get_kwargs(
    token: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/music/shared/{token}/save".format(
            token=quote(str(token), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorEnvelope | LibraryEdge | None:
    if response.status_code == 201:
        response_201 = LibraryEdge.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = ErrorEnvelope.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = ErrorEnvelope.from_dict(response.json())

        return response_404

    if response.status_code == 500:
        response_500 = ErrorEnvelope.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorEnvelope | LibraryEdge]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    token: str,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorEnvelope | LibraryEdge]:
    """Save a shared track

     Adds the shared track to the caller's own library as an edge of source `shared`. The track itself
    stays as it
    is and where it is. Saving needs a key, but no membership: it works across organizations and for
    one's own
    tracks. Saving a track that is in the library already answers with the edge that is there, so the
    call may be
    repeated. The request has no body; one that is sent is ignored.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | LibraryEdge]
    """

    kwargs = _get_kwargs(
        token=token,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    token: str,
    *,
    client: AuthenticatedClient,
) -> ErrorEnvelope | LibraryEdge | None:
    """Save a shared track

     Adds the shared track to the caller's own library as an edge of source `shared`. The track itself
    stays as it
    is and where it is. Saving needs a key, but no membership: it works across organizations and for
    one's own
    tracks. Saving a track that is in the library already answers with the edge that is there, so the
    call may be
    repeated. The request has no body; one that is sent is ignored.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | LibraryEdge
    """

    return sync_detailed(
        token=token,
        client=client,
    ).parsed


async def asyncio_detailed(
    token: str,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorEnvelope | LibraryEdge]:
    """Save a shared track

     Adds the shared track to the caller's own library as an edge of source `shared`. The track itself
    stays as it
    is and where it is. Saving needs a key, but no membership: it works across organizations and for
    one's own
    tracks. Saving a track that is in the library already answers with the edge that is there, so the
    call may be
    repeated. The request has no body; one that is sent is ignored.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | LibraryEdge]
    """

    kwargs = _get_kwargs(
        token=token,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token: str,
    *,
    client: AuthenticatedClient,
) -> ErrorEnvelope | LibraryEdge | None:
    """Save a shared track

     Adds the shared track to the caller's own library as an edge of source `shared`. The track itself
    stays as it
    is and where it is. Saving needs a key, but no membership: it works across organizations and for
    one's own
    tracks. Saving a track that is in the library already answers with the edge that is there, so the
    call may be
    repeated. The request has no body; one that is sent is ignored.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | LibraryEdge
    """

    return (
        await asyncio_detailed(
            token=token,
            client=client,
        )
    ).parsed
