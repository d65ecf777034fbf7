// Runs `runway-preflight serve` for the tests of code that uses Runway's API.
"use strict";

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { request } = require("node:http");
const { createInterface } = require("node:readline");

const { program } = require("./program.js");

/** How long the server may take to end, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** A stand-in for Runway's API on a free port of this machine. */
class RunwayServer {
  #child;
  /** The base URL, once it has started. */
  url = "";

  /** Starts the server and waits until it answers. */
  async start({ flags = [], program: path = process.env.RUNWAY_PREFLIGHT_BINARY || program() } = {}) {
    if (this.#isRunning()) throw new Error("this server has already started");
    // Its standard input ends with this process, even if that is killed; the server stops then.
    const child = spawn(path, ["serve", "--stop-on-stdin-eof", ...withPort(flags)], { stdio: "pipe" });
    this.#child = child;
    // If the server has ended, there is nobody to tell.
    child.stdin.on("error", () => {});
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      if (!this.url) complaint += text;
      process.stderr.write(text);
    });
    this.url = "";
    // The server prints its address once it has bound it.
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, "close").then(([code, signal]) => {
      throw new Error(`runway-preflight serve ended with ${signal ?? `exit code ${code}`}: ${complaint.trim()}`);
    });
    const [line] = await Promise.race([once(lines, "line"), ended]);
    ended.catch(() => {});
    // With --print-env, the name of a variable precedes the URL.
    this.url = line.slice(line.lastIndexOf("=") + 1);
    return this;
  }

  /** Ends the server; its uploads are removed. */
  async stop() {
    if (!this.#isRunning()) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT);
    await ended;
    clearTimeout(timer);
  }

  /** Queues a behavior for the next request or task that matches. */
  async next(behavior) {
    await this.#control("POST", "/next", behavior);
  }

  /** Returns the requests since the last reset, without their secrets. */
  async requests() {
    return (await this.#control("GET", "/requests")).requests;
  }

  /** Clears tasks, uploads, requests, behaviors and the offset of the clock. */
  async reset() {
    await this.#control("POST", "/reset");
  }

  /** Moves the server's clock forward. */
  async advance(seconds) {
    await this.#control("POST", "/clock", { advance_s: seconds });
  }

  async #control(method, path, body) {
    const { status, text } = await send(method, `${this.url}/__preflight${path}`, body && JSON.stringify(body));
    if (status >= 400) throw new Error(JSON.parse(text).error);
    return text ? JSON.parse(text) : undefined;
  }

  #isRunning() {
    // A child that a signal ended has no exit code, and one that could not be started has no process.
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }
}

/** Adds the flag for a free port, unless the flags name a port. */
function withPort(flags) {
  const hasPort = flags.some((flag) => flag === "--port" || flag.startsWith("--port="));
  return hasPort ? flags : ["--port", "0", ...flags];
}

/** Sends a request. The global `fetch` of a simulated browser would send it as a web page does, which is refused. */
async function send(method, url, body) {
  const sent = request(url, { method, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, text };
}

/** Starts a server; the caller stops it. */
function startRunwayServer(options) {
  return new RunwayServer().start(options);
}

/**
 * Starts a server before all tests of a file, resets it before each and stops it after all. RUNWAYML_BASE_URL names it.
 * The hooks are those of Vitest or Jest; pass them if they are not global.
 */
function useRunwayServer({ beforeAll, beforeEach, afterAll, ...options } = {}) {
  const server = new RunwayServer();
  (beforeAll ?? globalThis.beforeAll)(async () => {
    await server.start(options);
    process.env.RUNWAYML_BASE_URL = server.url;
    process.env.RUNWAYML_API_SECRET ??= "key_for_tests";
  });
  (beforeEach ?? globalThis.beforeEach)(() => server.reset());
  (afterAll ?? globalThis.afterAll)(() => server.stop());
  return server;
}

exports.RunwayServer = RunwayServer;
exports.startRunwayServer = startRunwayServer;
exports.useRunwayServer = useRunwayServer;
