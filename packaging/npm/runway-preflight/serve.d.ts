/** A behavior for the next request or task that matches; see docs/serve.md. */
export interface Behavior {
  match?: { method?: string; path?: string };
  times?: number;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  delay_ms?: number;
  close?: boolean;
  truncate?: number;
  failureCode?: string | null;
  failure?: string;
  cancelled?: boolean;
}

/** A request that the server received. */
export interface RecordedRequest {
  method: string;
  path: string;
  /** `null` if the connection was closed without a response. */
  status: number | null;
  body: any;
  at_ms: number;
}

export interface ServerOptions {
  /** Flags of `runway-preflight serve`; without `--port`, the server listens on a free port. */
  flags?: string[];
  /** The program; by default that of the environment variable RUNWAY_PREFLIGHT_BINARY, or of this package. */
  program?: string;
}

/** The hooks of Vitest or Jest, if they are not global. */
export interface Hooks {
  beforeAll?: (hook: () => Promise<void>) => void;
  beforeEach?: (hook: () => Promise<void>) => void;
  afterAll?: (hook: () => Promise<void>) => void;
}

/** A stand-in for Runway's API on a free port of this machine. */
export class RunwayServer {
  /** The base URL, once it has started. */
  url: string;
  start(options?: ServerOptions): Promise<this>;
  stop(): Promise<void>;
  next(behavior: Behavior): Promise<void>;
  requests(): Promise<RecordedRequest[]>;
  reset(): Promise<void>;
  advance(seconds: number): Promise<void>;
}

/** Starts a server; the caller stops it. */
export function startRunwayServer(options?: ServerOptions): Promise<RunwayServer>;

/** Starts a server before all tests of a file, resets it before each and stops it after all. */
export function useRunwayServer(options?: ServerOptions & Hooks): RunwayServer;
