import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haproxy } from '../balancer/haproxy.ts';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { InstanceWish } from '../instance/instance.ts';
import { openInstances } from '../instance/open-instances.ts';
import {
  type Front,
  freePorts,
  startFront,
  startLine,
  until,
  writeApplication,
} from './front.suite.ts';
import type { Ground, JournalNote } from './strategy.ts';

/** The process of a deploy dies, as far as its strategy can tell. */
export class Killed extends Error {}

/** What one execution is to be like; everything has a usual value. */
export interface Order {
  readonly kind?: Delivery['strategy']['kind'];
  readonly count?: number;
  readonly keepOld?: number;
  readonly drain?: number;
  /** Of the application, see `startLine`. */
  readonly env?: Readonly<Record<string, string>>;
  /** It dies right after so many notes. */
  readonly diesAfter?: number;
  /** Notes of before, in another process. */
  readonly notes?: JournalNote[];
  readonly signal?: AbortSignal;
  readonly check?: (ports: readonly number[]) => Promise<void>;
}

/** A machine with an application `shop` in the environment `production`, behind HAProxy or not. */
export interface Yard {
  /** The runner's folder. */
  readonly home: string;
  readonly front: Front | undefined;
  readonly ports: readonly number[];
  /** As a process that has just started sees it. */
  readonly ground: (version: string, order?: Order) => Ground & { readonly said: string[] };
  /** Server by server: `blue1 ready up release_1`, the version of what runs there. */
  readonly seen: () => Promise<string[]>;
  readonly folderOf: (version: string) => string;
  readonly stop: () => Promise<void>;
}

/** @param servers names of servers; without any there is no balancer */
export async function openYard(servers: readonly string[], spare = 0): Promise<Yard> {
  const home = mkdtempSync(join(tmpdir(), 'yard-'));
  const ports = await freePorts(servers.length + spare);
  const named = Object.fromEntries(servers.map((name, i) => [name, ports[i] ?? 0]));
  const front = servers.length > 0 ? await startFront({ shop: { servers: named } }) : undefined;
  const balancer = front && haproxy(front.socket);
  const instances = () => openInstances({ home, now: Date.now, onEvent: () => undefined });
  const folderOf = (version: string): string => join(home, version);
  const wishOf = (version: string, env: Readonly<Record<string, string>>) => {
    if (!existsSync(folderOf(version))) writeApplication(folderOf(version));
    return (slot: string, port: number): InstanceWish => ({
      app: 'shop',
      environment: 'production',
      slot,
      version,
      digest: `sha256:${version}`,
      folder: folderOf(version),
      start: startLine,
      port,
      env,
      wanted: 'up',
    });
  };
  return {
    home,
    front,
    ports,
    folderOf,
    ground: (version, order = {}) => {
      const said: string[] = [];
      return {
        said,
        app: 'shop',
        environment: 'production',
        delivery: deliveryOf(order),
        count: order.count ?? 1,
        instances: instances(),
        balancer,
        journal: journalOf(order),
        ports: spare > 0 ? [Math.min(...ports), Math.max(...ports)] : undefined,
        wish: wishOf(version, order.env ?? {}),
        say: (text) => void said.push(text),
        stage: async (stage) => void (await Promise.resolve(said.push(`# ${stage}`))),
        check: order.check ?? (async (checked) => answerWith(version, checked)),
        signal: order.signal ?? new AbortController().signal,
      };
    },
    seen: async () => {
      const states = await instances().list();
      const all = (await balancer?.servers('shop')) ?? [];
      return all.map(({ name, admin, check }) => {
        const here = states.find((s) => s.wish.slot === name && s.process);
        return `${name} ${admin} ${check} ${here?.wish.version ?? '-'}`;
      });
    },
    stop: async () => {
      const all = instances();
      await Promise.all((await all.list()).map(async ({ wish }) => all.stop(wish, 0)));
      await front?.stop();
      rmSync(home, { recursive: true });
    },
  };
}

const deliveryOf = ({ kind = 'blue-green', keepOld = 0, drain = 5 }: Order): Delivery => ({
  type: 'node',
  start: startLine,
  port: null,
  health: { ready: '/healthcheck/ready', version: '/healthcheck/ready#version' },
  owner: null,
  strategy: { kind, settle: 0, drain, keepOld },
  promote: { order: [], auto: [] },
  windows: [],
  databases: [],
});

function journalOf({ notes = [], diesAfter }: Order): Ground['journal'] {
  let written = 0;
  return {
    notes,
    write: async (note) => {
      await Promise.resolve(notes.push(note));
      written += 1;
      if (written === diesAfter) throw new Killed(`after ${note.step} ${note.mark}`);
    },
  };
}

/** As the execution of a deploy checks: ready on its own port, with its version. */
async function answerWith(version: string, ports: readonly number[]): Promise<void> {
  for (const port of ports)
    await until(`${version} on ${port}`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/healthcheck/ready`, {
        headers: { connection: 'close' },
      }).catch(() => undefined);
      if (answer?.status !== 200) return false;
      const said = (await answer.json()) as { version: string };
      if (said.version === version) return true;
      throw new Error(`${port} says ${said.version}`);
    });
}
