"""Shares the documented track and collection, opens the new link and saves from it."""

import json
import sys

from aitronos import Aitronos

with Aitronos(api_key="your-api-key") as freddy:
    music = "/v1/music/org_abc123"
    track_link = freddy.post(f"{music}/tracks/mtrack_b4d9e1c6a72f/share", json={"expires_in_days": 7})
    collection_link = freddy.post(f"{music}/collections/mcoll_5e8a1d3f9c27/share")
    opened = freddy.get(f"/v1/music/shared/{track_link['token']}")
    saved = freddy.post(f"/v1/music/shared/{track_link['token']}/save")

for answer in (track_link, collection_link, opened, saved):
    sys.stdout.write(f"{json.dumps(answer)}\n")
