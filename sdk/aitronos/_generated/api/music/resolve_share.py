# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_envelope import ErrorEnvelope
from ...models.shared_view import SharedView
from ...types import Response


def _get_kwargs(
    token: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/music/shared/{token}".format(
            token=quote(str(token), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorEnvelope | SharedView | None:
    if response.status_code == 200:
        response_200 = SharedView.from_dict(response.json())

        return response_200

    if response.status_code == 404:
        response_404 = ErrorEnvelope.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = ErrorEnvelope.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ErrorEnvelope.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorEnvelope | SharedView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    token: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorEnvelope | SharedView]:
    """Open a shared link

     Shows what a link leads to, a track or a whole collection, and lets nobody change it. Public: send
    no key; one
    that is sent is ignored, even a bad one. Each client IP address may open so many links a minute, and
    every open
    is recorded with its address.

    Every call mints new playback URLs. Content that its creator removed still answers 200, with
    `available: false` and a `message` for people. `public` and `link_only` links open alike. HEAD
    answers as GET
    does, without the body, and counts as an open.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | SharedView]
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
    client: AuthenticatedClient | Client,
) -> ErrorEnvelope | SharedView | None:
    """Open a shared link

     Shows what a link leads to, a track or a whole collection, and lets nobody change it. Public: send
    no key; one
    that is sent is ignored, even a bad one. Each client IP address may open so many links a minute, and
    every open
    is recorded with its address.

    Every call mints new playback URLs. Content that its creator removed still answers 200, with
    `available: false` and a `message` for people. `public` and `link_only` links open alike. HEAD
    answers as GET
    does, without the body, and counts as an open.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | SharedView
    """

    return sync_detailed(
        token=token,
        client=client,
    ).parsed


async def asyncio_detailed(
    token: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorEnvelope | SharedView]:
    """Open a shared link

     Shows what a link leads to, a track or a whole collection, and lets nobody change it. Public: send
    no key; one
    that is sent is ignored, even a bad one. Each client IP address may open so many links a minute, and
    every open
    is recorded with its address.

    Every call mints new playback URLs. Content that its creator removed still answers 200, with
    `available: false` and a `message` for people. `public` and `link_only` links open alike. HEAD
    answers as GET
    does, without the body, and counts as an open.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | SharedView]
    """

    kwargs = _get_kwargs(
        token=token,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorEnvelope | SharedView | None:
    """Open a shared link

     Shows what a link leads to, a track or a whole collection, and lets nobody change it. Public: send
    no key; one
    that is sent is ignored, even a bad one. Each client IP address may open so many links a minute, and
    every open
    is recorded with its address.

    Every call mints new playback URLs. Content that its creator removed still answers 200, with
    `available: false` and a `message` for people. `public` and `link_only` links open alike. HEAD
    answers as GET
    does, without the body, and counts as an open.

    Args:
        token (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | SharedView
    """

    return (
        await asyncio_detailed(
            token=token,
            client=client,
        )
    ).parsed
