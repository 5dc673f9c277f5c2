import { describe, expect, test } from 'vitest';
import type { Alert } from '../../server/api/contract-alerts.ts';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import type { Company, TerritoryApi } from '../company.ts';
import { nameOf, onCallOf } from './accounts.ts';
import type { Memory } from './memory.ts';
import type { Office } from './office.ts';
import { look } from './on-call.ts';
import { freeLane, untilQuiet } from './watch.ts';

const start = Date.UTC(2026, 10, 2, 9);
const who = onCallOf(1);

const released = {
  id: 'd4',
  kind: 'deploy',
  app: 'site',
  environment: 'production',
  version: 'release_4',
  previous: 'release_3',
  state: 'succeeded',
  started: start - 60_000,
  ended: start - 40_000,
  reason: null,
};
const slow = {
  id: 'a1',
  state: 'open',
  severity: 'critical',
  service: 'site',
  environment: 'production',
  title: 'one in twenty answers takes longer than 2 s',
  openedAt: start,
  suspects: [{ type: 'dev.cdevents.service.deployed.0.3.0', what: 'site release_4 deployed' }],
};

/** What a server would answer, and who asked it for what. */
class FakeServer {
  alerts: object[] = [slow];
  deploys: object[] = [released];
  locks: object[] = [];
  now = start;
  readonly asked: string[] = [];

  readonly as =
    (name: string): TerritoryApi['ask'] =>
    async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      if (method !== 'GET') this.asked.push(`${name}: ${method} ${path}`);
      return Promise.resolve(this.#answer(path, body) as T); // as the contract has it
    };

  #answer(path: string, body: unknown): unknown {
    if (path.endsWith('/acknowledge'))
      this.alerts = this.alerts.map((one) => ({ ...one, acknowledged: { by: '' } }));
    if (path === '/api/v1/deploys/rollback') {
      const { reason } = body as { reason: string };
      const back = { ...released, id: 'd5', kind: 'rollback', version: 'release_3', reason };
      this.deploys = [back, ...this.deploys];
      return back;
    }
    if (path === '/api/v1/deploys/d5') return this.deploys[0];
    if (path.startsWith('/api/v1/deploys?')) return { deploys: this.deploys as Deploy[] };
    if (path.startsWith('/api/v1/alerts?')) return { alerts: this.alerts as Alert[] };
    return path === '/api/v1/releases/locks' ? { locks: this.locks } : undefined;
  }

  company(speed = 1): Company {
    return {
      seed: 1,
      speed,
      territory: { ask: this.as('admin') },
      say: () => undefined,
      signal: new AbortController().signal,
      now: () => this.now,
    } as unknown as Company; // what on call needs of it
  }

  /** Looks so many ms after the alert; what was asked for by that. */
  async lookAt(ms: number, speed = 1, startedAt = start - 600_000): Promise<readonly string[]> {
    this.now = start + ms;
    this.asked.length = 0;
    const office: Office = {
      company: this.company(speed),
      as: (person) => this.as(nameOf(person)),
      memory: undefined as unknown as Memory, // on call has none
    };
    await look(office, startedAt);
    return this.asked.filter((one) => !one.endsWith('/events'));
  }
}

const acknowledges = `${nameOf(who)}: POST /api/v1/alerts/a1/acknowledge`;
const goesBack = `${nameOf(who)}: POST /api/v1/deploys/rollback`;

describe('on call', () => {
  test('acknowledges first, then takes back, once, and each under their own name', async () => {
    const server = new FakeServer();
    expect(await server.lookAt(14_000)).toEqual([]);
    expect(await server.lookAt(15_000)).toEqual([acknowledges]);
    expect(await server.lookAt(59_000)).toEqual([]);
    expect(await server.lookAt(60_000)).toEqual([goesBack]);
    expect(await server.lookAt(62_000)).toEqual([]);
    expect(server.deploys[0]).toMatchObject({ reason: slow.title });
  });

  test('is faster in a faster company, and still leaves time to be the first', async () => {
    expect(await new FakeServer().lookAt(30_000, 2)).toEqual([acknowledges, goesBack]);
    expect(await new FakeServer().lookAt(19_000, 60)).toEqual([acknowledges]);
    expect(await new FakeServer().lookAt(20_000, 60)).toEqual([acknowledges, goesBack]);
  });

  test('does not blame a release that stood there for a start of the company', async () => {
    const server = new FakeServer();
    server.alerts = [{ ...slow, acknowledged: { by: 'x' } }];
    expect(await server.lookAt(120_000, 1, start - 10_000)).toEqual([]);
    expect(await server.lookAt(175_000, 1, start - 10_000)).toEqual([goesBack]);
  });

  test.each([
    ['of the payment provider', { ...slow, service: 'payments' }],
    ['of the machine', { ...slow, service: undefined }],
    ['that suspects nobody', { ...slow, suspects: [] }],
  ])('takes nothing back for an alert %s', async (_, alert) => {
    const server = new FakeServer();
    server.alerts = [alert];
    expect(await server.lookAt(90_000)).toEqual([acknowledges]);
  });
});

describe('developers', () => {
  test('wait while an alert about customers is open, and for no other', async () => {
    const server = new FakeServer();
    server.alerts = [
      { ...slow, environment: 'staging' },
      { ...slow, service: 'payments' },
      { ...slow, severity: 'unknown' },
    ];
    await untilQuiet(server.company(), 'site');
    server.alerts = [slow];
    let isQuiet = false;
    const waiting = untilQuiet(server.company(), 'site').then(() => (isQuiet = true));
    await Promise.resolve();
    expect(isQuiet).toBe(false);
    server.alerts = [];
    await waiting;
    expect(isQuiet).toBe(true);
  });

  test('lift the lock of a rollback, and no other', async () => {
    const lock = { scope: 'site@production', state: 'held', reason: 'rolled back from a to b' };
    const server = new FakeServer();
    server.locks = [
      { ...lock, id: 'own' },
      { ...lock, id: 'person', reason: 'moving the database' },
      { ...lock, id: 'staging', scope: 'site@staging' },
      { ...lock, id: 'over', state: 'released' },
    ];
    await freeLane(server.company(), 'site', 'production');
    expect(server.asked).toEqual(['admin: DELETE /api/v1/releases/locks/own']);
  });
});
