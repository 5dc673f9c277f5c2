import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { type Flags, type Server, startServer } from '../../server/compose/running.suite.ts';

/** How long a sender may take on a machine that has much to do, ms. */
export const timeout = 30_000;

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
  }
});

/** Whether a program is installed; says so when it is not. */
export function has(command: string, ...args: string[]): boolean {
  const found = spawnSync(command, args).error === undefined;
  // oxlint-disable-next-line no-console -- why a test is skipped
  if (!found) console.log(`${command} is not installed: it is not tried`);
  return found;
}

/** Starts a program that ends with the test. */
export function run(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child;
}

/** An empty directory. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'territory-sender-'));
}

type Intake = IntakesAnswer[number];

/** A server that listens, and its intakes as they are when asked. */
export async function serverOf(flags: Flags = {}): Promise<{
  readonly server: Server;
  readonly intake: (name: string) => Promise<Intake | undefined>;
}> {
  const server = await startServer({ 'intakes.enabled': true, ...flags });
  const ask = async () => (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  return { server, intake: async (name) => (await ask()).find((one) => one.name === name) };
}

export interface Listening {
  readonly server: Server;
  readonly events: () => readonly PlacedEvent[];
  readonly portOf: (name: string) => number;
  readonly intake: (name: string) => Promise<Intake | undefined>;
  /** Waits for the first event whose text matches. */
  readonly line: (text: RegExp) => Promise<PlacedEvent>;
}

/** A server that listens, and all that it takes in. */
export async function listening(flags: Flags = {}): Promise<Listening> {
  const { server, intake } = await serverOf(flags);
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  const events = () => tail.seen.map(({ event }) => event);
  const find = (text: RegExp) =>
    events().find(({ data }) => typeof data === 'string' && text.test(data));
  return {
    server,
    events,
    portOf: (name) => intakes.find((one) => one.name === name)?.port ?? 0,
    intake,
    line: (text) => vi.waitUntil(() => find(text), { timeout }),
  };
}
