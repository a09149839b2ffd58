// Shares the documented track and collection, opens the new link and saves from it.
const music = "https://api.aitronos.com/v1/music";
const owner = { "X-API-Key": process.env.FREDDY_API_KEY };

async function send(method, path, headers = {}, body = undefined) {
  const json = body && { "Content-Type": "application/json" };
  const answer = await fetch(music + path, { method, headers: { ...headers, ...json }, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  const parsed = await answer.json();
  console.log(JSON.stringify(parsed));
  return parsed;
}

const { token } = await send("POST", "/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", owner, { expires_in_days: 7 });
await send("POST", "/org_abc123/collections/mcoll_5e8a1d3f9c27/share", owner);
await send("GET", `/shared/${token}`);
await send("POST", `/shared/${token}/save`, owner);
