import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { type RunningTerritory, startTerritory } from './territory.ts';

const running: RunningTerritory[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((territory) => territory.close()));
});

export type Flags = Readonly<Record<string, string | number | boolean>>;

/** A fresh data directory. */
export function dataDir(): string {
  return join(mkdtempSync(join(tmpdir(), 'territory-')), 'data');
}

/** A running server on a free port, closed after the test, and how to ask it. */
export interface Server {
  readonly url: string;
  readonly data: string;
  readonly token: string;
  readonly adminLink: string | undefined;
  /** What it said, as JSON lines. */
  readonly said: () => string;
  readonly close: () => Promise<void>;
  /** A request with the admin token unless the headers say otherwise. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly askJson: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly send: (events: readonly unknown[]) => Promise<Response>;
}

export type Answer = { readonly status: number } & Record<string, never>;

/** Quiet: neither the host probe nor history nor rules nor checks, unless a flag says so. */
export async function startServer(
  flags: Flags = {},
  options: { readonly webRoot?: string } = {},
): Promise<Server> {
  const data = String(flags['data'] ?? dataDir());
  const none = { 'hostProbe.enabled': false, 'history.enabled': false, 'rules.enabled': false };
  const others = { 'intakes.enabled': false, 'checks.enabled': false };
  const quiet = { ...none, ...others, port: 0 };
  const loaded = loadConfig({ flags: { ...quiet, ...flags, data } });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  let said = '';
  const logTo = { write: (line: string) => void (said += line) };
  const webRoot = options.webRoot ?? '/nowhere';
  const territory = await startTerritory(loaded.config, { logTo, webRoot });
  running.push(territory);
  const { url } = territory;
  const token = readFileSync(join(data, 'admin.token'), 'utf8').trim();
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    return fetch(url + path, { ...init, headers });
  };
  return {
    url,
    data,
    token,
    adminLink: territory.adminLink,
    said: () => said,
    close: territory.close,
    ask,
    askJson: async (path, init) => {
      const response = await ask(path, init);
      const body = (await response.json()) as Record<string, never>;
      return { ...body, status: response.status as never };
    },
    send: (events) =>
      ask('/api/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      }),
  };
}

/** A body of JSON. */
export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
