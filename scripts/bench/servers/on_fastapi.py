"""FastAPI handlers as its own documentation has them: bodies and answers are models, and both are validated."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field

Visibility = Literal["link_only", "public"]


class Licence(BaseModel):
    """What may be done with a track."""

    licence_class: str
    licence_version: str
    commercial_use: bool
    requires_attribution: bool


class Track(BaseModel):
    """A shared track."""

    id: str
    title: str | None
    engine: str
    mode: str
    measured_duration_seconds: float | None
    instrumental: bool
    playback_url: str
    licence: Licence


class Share(BaseModel):
    """What kind of link opened it."""

    target_type: str
    visibility: Visibility
    expires_at: datetime | None


class View(BaseModel):
    """What a link opens."""

    kind: str
    available: bool
    message: str | None
    share: Share
    track: Track | None
    collection: None
    tracks: None


class Asked(BaseModel):
    """The body of a share."""

    visibility: Visibility = "link_only"
    expires_in_days: int | None = Field(default=None, ge=1)


class Link(BaseModel):
    """A new link."""

    id: str
    token: str
    url: str
    target_type: str
    visibility: Visibility
    expires_at: datetime | None
    created_at: datetime


_ANSWERS = json.loads(Path("answers.json").read_bytes())
_VIEW, _LINK = _ANSWERS["view"], _ANSWERS["link"]

app = FastAPI()


@app.get("/v1/music/shared/{token}", response_model=View)
async def resolve(token: str) -> object:
    """The view of a link."""
    return _VIEW


@app.post("/v1/music/{organization_id}/tracks/{track_id}/share", status_code=201, response_model=Link)
async def share(organization_id: str, track_id: str, asked: Asked) -> object:
    """A new link, with the visibility that was asked for."""
    return {**_LINK, "visibility": asked.visibility}
