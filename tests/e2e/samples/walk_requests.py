"""Shares the documented track and collection, opens the new link and saves from it."""

import os
import sys

import requests

MUSIC = "https://api.aitronos.com/v1/music"


def send(method: str, path: str, key: str = "", body: object = None) -> requests.Response:
    """Send one request, and print the JSON that answers it."""
    headers = {"X-API-Key": key} if key else {}
    answer = requests.request(method, MUSIC + path, headers=headers, json=body, timeout=10)
    answer.raise_for_status()
    sys.stdout.write(f"{answer.text}\n")
    return answer


owner = os.environ["FREDDY_API_KEY"]
link = send("POST", "/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", owner, {"expires_in_days": 7}).json()
send("POST", "/org_abc123/collections/mcoll_5e8a1d3f9c27/share", owner)
send("GET", f"/shared/{link['token']}")
send("POST", f"/shared/{link['token']}/save", owner)
