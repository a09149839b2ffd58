# Shares the documented track and collection, opens the seeded link and saves from it.
mock=https://api.aitronos.com/v1/music
key="X-API-Key: $FREDDY_API_KEY"
json="Content-Type: application/json"
token=shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c

curl -fsS -H "$key" -H "$json" -d '{"expires_in_days": 7}' "$mock/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
echo
curl -fsS -H "$key" -X POST "$mock/org_abc123/collections/mcoll_5e8a1d3f9c27/share"
echo
curl -fsS "$mock/shared/$token"
echo
curl -fsS -H "$key" -X POST "$mock/shared/$token/save"
