/**
 * A walk by a client that a public tool generated from the contract: share, open, play, save, and an error each way.
 * Its one argument is the base URL: that of a mock, or of a sandbox of it.
 */
import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/contract.js";

type ShareLink = components["schemas"]["ShareLink"];
type TrackView = components["schemas"]["TrackView"];
type ErrorEnvelope = components["schemas"]["ErrorEnvelope"];

const COLLECTION = { organization_id: "org_abc123", collection_id: "mcoll_5e8a1d3f9c27" };
const TRACK = { organization_id: "org_abc123", track_id: "mtrack_b4d9e1c6a72f" };
const REVOKED = "shr_11111111111111111111111111111111";

const [baseUrl] = process.argv.slice(2);
assert(baseUrl, "the base URL of a running mock is missing");

const listener = createClient<paths>({ baseUrl });
const owner = clientWithKey("your-api-key");
const recipient = clientWithKey("recipient-api-key");

const link = await share();
await play(await open(link));
await save(link);
const collectionLink = await shareCollection();
await openCollection(collectionLink);
await refuseToSaveCollection(collectionLink);
await refuseRevoked();
await refuseUnknownVisibility();
await refuseStranger();

function clientWithKey(key: string): Client<paths> {
  return createClient<paths>({ baseUrl: baseUrl!, headers: { "X-API-Key": key } });
}

async function share(): Promise<ShareLink> {
  const { data, response } = await owner.POST("/v1/music/{organization_id}/tracks/{track_id}/share", {
    params: { path: TRACK },
    body: { visibility: "public", expires_in_days: 30 },
  });
  assert.equal(response.status, 201);
  assert(data);
  assert.deepEqual([data.target_type, data.visibility], ["track", "public"]);
  assert.equal(data.url, `${baseUrl}/v1/music/shared/${data.token}`);
  return data;
}

async function open(link: ShareLink): Promise<TrackView> {
  const { data, response } = await listener.GET("/v1/music/shared/{token}", {
    params: { path: { token: link.token } },
  });
  assert.equal(response.status, 200);
  assert(data?.track);
  assert.equal(data.share.expires_at, link.expires_at);
  assert.deepEqual([data.track.id, data.track.title], [TRACK.track_id, "Late Night Study"]);
  assert.equal(data.track.licence.commercial_use, false);
  return data.track;
}

async function play(track: TrackView): Promise<void> {
  assert(track.playback_url.startsWith(`${baseUrl}/media/`));
  const response = await fetch(track.playback_url, { headers: { Range: "bytes=0-3" } });
  assert.equal(response.status, 206);
  assert.equal(await response.text(), "RIFF");
}

async function save(link: ShareLink): Promise<void> {
  const { data, response } = await recipient.POST("/v1/music/shared/{token}/save", {
    params: { path: { token: link.token } },
  });
  assert.equal(response.status, 201);
  assert(data);
  assert.deepEqual([data.track_id, data.source, data.share_link_id], [TRACK.track_id, "shared", link.id]);
}

async function shareCollection(): Promise<ShareLink> {
  const { data, response } = await owner.POST("/v1/music/{organization_id}/collections/{collection_id}/share", {
    params: { path: COLLECTION },
  });
  assert.equal(response.status, 201);
  assert(data);
  assert.deepEqual([data.target_type, data.visibility, data.expires_at], ["collection", "link_only", null]);
  return data;
}

async function openCollection(link: ShareLink): Promise<void> {
  const { data, response } = await listener.GET("/v1/music/shared/{token}", {
    params: { path: { token: link.token } },
  });
  assert.equal(response.status, 200);
  assert(data?.collection && data.tracks);
  assert.deepEqual([data.kind, data.available, data.track], ["collection", true, null]);
  assert.deepEqual([data.collection.id, data.collection.name], [COLLECTION.collection_id, "Quiet Hours"]);
  assert.equal(data.tracks[0]?.id, TRACK.track_id);
}

async function refuseToSaveCollection(link: ShareLink): Promise<void> {
  const { error, response } = await recipient.POST("/v1/music/shared/{token}/save", {
    params: { path: { token: link.token } },
  });
  assertRefused(response, error, 404, "RESOURCE_NOT_FOUND");
}

async function refuseRevoked(): Promise<void> {
  const { error, response } = await listener.GET("/v1/music/shared/{token}", {
    params: { path: { token: REVOKED } },
  });
  assertRefused(response, error, 404, "RESOURCE_NOT_FOUND");
}

async function refuseUnknownVisibility(): Promise<void> {
  const { error, response } = await owner.POST("/v1/music/{organization_id}/tracks/{track_id}/share", {
    params: { path: TRACK },
    // @ts-expect-error The compiler knows what the contract allows; where it is silenced, the mock refuses.
    body: { visibility: "friends" },
  });
  assertRefused(response, error, 422, "VALIDATION_ERROR");
  assert.equal(error?.error.details["field"], "visibility");
}

async function refuseStranger(): Promise<void> {
  const { error, response } = await listener.POST("/v1/music/{organization_id}/tracks/{track_id}/share", {
    params: { path: TRACK },
  });
  assertRefused(response, error, 401, "AUTHENTICATION_REQUIRED");
}

function assertRefused(response: Response, envelope: ErrorEnvelope | undefined, status: number, code: string): void {
  assert.equal(response.status, status);
  assert(envelope);
  assert.equal(envelope.success, false);
  assert.deepEqual([envelope.error.status, envelope.error.code], [status, code]);
  assert.equal(envelope.error.trace_id, response.headers.get("x-request-id"));
}
