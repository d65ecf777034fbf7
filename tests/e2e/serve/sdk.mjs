// The official Node SDK against `serve`: every method once, then the needs of SDK tests. Prints what passed.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import RunwayML, { APIConnectionTimeoutError, AuthenticationError, BadRequestError, NotFoundError, TaskFailedError } from "@runwayml/sdk";

const { startRunwayServer } = createRequire(import.meta.url)(process.env.SERVE_HELPER);
const program = process.env.RUNWAY_PREFLIGHT_BINARY;
const video = { model: "gen4.5", promptText: "x", ratio: "1280:720", duration: 2 };
const unsupported = ["prores", "png_sequence", "sdr_rec709_10bit", "hdr10", "hdr_prores"];
const unknown = "00000000-0000-4000-8000-000000000000";

/** Returns a client that does not retry. */
function connect(server, options) {
  return new RunwayML({ baseURL: server.url, apiKey: "k", maxRetries: 0, ...options });
}

/** Polls without the pause before the first poll. */
function finished(client, task) {
  return client.tasks.retrieve(task.id).waitForTaskOutput();
}

/** Each row of calls.json is accepted, or is answered 404 or 501 if this server cannot know the answer. */
async function everyMethod(client, calls) {
  let count = 0;
  for (const [name, ...parameters] of calls) {
    const path = name.split(".");
    const method = path.pop();
    const resource = path.reduce((target, part) => target?.[part], client);
    // Methods of the newer Python SDK.
    if (resource?.[method] === undefined) continue;
    // Updated objects do not exist; the server supports neither the choice of a router nor these formats.
    const isUnknown = name.startsWith("generate.") || unsupported.includes(parameters.at(-1)?.outputFormat);
    const expected = method === "update" ? 404 : isUnknown ? 501 : 200;
    const status = await resource[method](...parameters).then(() => 200, (error) => error.status);
    assert.equal(status, expected, `${name} ${JSON.stringify(parameters)}`);
    count += 1;
  }
  return count;
}

async function stateful(client) {
  const document = await client.documents.create({ name: "x", content: "y" });
  await client.documents.update(document.id, { name: "z" });
  assert.equal((await client.documents.retrieve(document.id)).name, "z");
  const names = [];
  for await (const item of client.documents.list({ limit: 1, order: "desc", sort: "createdAt" })) names.push(item.name);
  assert.deepEqual(names, ["z"]);
  await client.documents.delete(document.id);
  await assert.rejects(client.documents.retrieve(document.id), NotFoundError);
  const run = await client.workflows.run(unknown, {});
  assert.equal((await client.workflowInvocations.retrieve(run.id)).status, "SUCCEEDED");
  assert.equal((await client.organization.retrieve()).tier.models["gen4.5"].maxConcurrentGenerations, 20);
}

/** Upload, task, download: the file is one that `check` accepts. */
async function story(client, folder) {
  const photo = join(folder, "photo.png");
  const picture = await finished(client, await client.textToImage.create({ model: "gen4_image", promptText: "x", ratio: "1024:1024" }));
  await download(picture.output[0], photo);
  const upload = await client.uploads.createEphemeral({ file: createReadStream(photo) });
  const task = await client.imageToVideo.create({ model: "gen4_turbo", promptImage: upload.uri, ratio: "1280:720", duration: 2 });
  const clip = join(folder, "video.mp4");
  await download((await finished(client, task)).output[0], clip);
  execFileSync(program, ["check", "--quiet", photo, clip]);
}

async function failures(server, client) {
  const task = await client.textToVideo.create(video);
  await client.tasks.delete(task.id);
  await assert.rejects(client.tasks.retrieve(task.id), NotFoundError);
  await server.next({ failureCode: "SAFETY.INPUT.TEXT", failure: "Flagged." });
  const failed = await finished(client, await client.textToVideo.create(video)).catch((error) => error);
  assert(failed instanceof TaskFailedError, String(failed));
  assert.equal(failed.taskDetails.failureCode, "SAFETY.INPUT.TEXT");
  await server.next({ cancelled: true });
  await assert.rejects(finished(client, await client.textToVideo.create(video)), TaskFailedError);
  await server.reset();
  for (const behavior of [{ status: 429, headers: { "Retry-After": "0" } }, { status: 503 }, { close: true }]) await server.next(behavior);
  assert((await connect(server, { maxRetries: 3 }).textToVideo.create(video)).id);
  assert.deepEqual((await server.requests()).map((request) => request.status), [429, 503, null, 200]);
  await server.next({ truncate: 5 });
  await assert.rejects(client.organization.retrieve());
  await server.next({ delay_ms: 2000 });
  await assert.rejects(connect(server, { timeout: 300 }).organization.retrieve(), APIConnectionTimeoutError);
  await assert.rejects(client.organization.retrieve({ headers: { Authorization: null } }), AuthenticationError);
  await assert.rejects(connect(server, { runwayVersion: "2023-01-01" }).organization.retrieve(), BadRequestError);
}

/** A refused body gets exactly what `body --format api` prints. */
async function sameBody(client, folder) {
  const body = { model: "gen4_turbo", promptImage: "http://example.com/a.png", ratio: "1:1", extra: 1 };
  const error = await client.post("/v1/image_to_video", { body }).catch((error) => error);
  assert(error instanceof BadRequestError, String(error));
  writeFileSync(join(folder, "body.json"), JSON.stringify(body));
  const flags = ["--offline", "--endpoint", "image_to_video", "--format", "api"];
  const printed = spawnSync(program, ["body", ...flags, join(folder, "body.json")], { encoding: "utf8" }).stdout;
  assert.deepEqual(error.error, JSON.parse(printed));
}

/** The helper needs no `fetch`, starts once, and can be stopped after a signal ended its server. */
async function helper() {
  const server = await startRunwayServer({ flags: ["--print-env"] });
  const { fetch } = globalThis;
  delete globalThis.fetch;
  await server.next({ status: 503 });
  await assert.rejects(server.next([]), /JSON object/);
  globalThis.fetch = fetch;
  await assert.rejects(server.start(), /already started/);
  const pid = execFileSync("pgrep", ["--newest", "--parent", String(process.pid)], { encoding: "utf8" });
  process.kill(Number(pid), "SIGKILL");
  await setTimeout(300);
  await server.stop();
  // A chosen port, and the reason for a failed start.
  const port = server.url.split(":").at(-1);
  await server.start({ flags: ["--port", port] });
  assert.equal(server.url, `http://127.0.0.1:${port}`);
  await assert.rejects(startRunwayServer({ flags: [`--port=${port}`] }), /exit code 2: .*serve cannot start on/);
  await assert.rejects(server.next({ status: 200, body: "x".repeat(1 << 20) }), /at most 1 MB/);
  await server.stop();
}

/** A server ends with the process that started it. */
async function killedParent() {
  const script = `require(${JSON.stringify(process.env.SERVE_HELPER)}).startRunwayServer().then((server) => console.log(server.url))`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(parent.stdout, "data");
  parent.kill("SIGKILL");
  for (let tries = 0; tries < 100; tries++) {
    const isRunning = await fetch(`${String(line).trim()}/__preflight`).then(() => true, () => false);
    if (!isRunning) return;
    await setTimeout(100);
  }
  assert.fail("the server is still running");
}

async function download(url, path) {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
}

const folder = mkdtempSync(join(tmpdir(), "serve-sdk-"));
const loose = await startRunwayServer({ flags: ["--assets", "off"] });
const server = await startRunwayServer({ flags: ["--assets", "offline"] });
try {
  const calls = JSON.parse(readFileSync(process.argv[2], "utf8"));
  console.log("Node: calls:", await everyMethod(connect(loose), calls));
  await loose.reset();
  await stateful(connect(loose));
  await story(connect(server), folder);
  await server.reset();
  await failures(server, connect(server));
  await server.reset();
  await sameBody(connect(server), folder);
  await helper();
  await killedParent();
  console.log("Node: all passed");
} finally {
  await Promise.all([loose.stop(), server.stop()]);
  rmSync(folder, { recursive: true });
}
