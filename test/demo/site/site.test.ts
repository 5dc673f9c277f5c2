import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateCDEvent } from '../../../src/event/cdevents/validate.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Machine, type Running, openMachine, order, smoke } from './machine.suite.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let machine: Machine;
let payments: Running;
let site: Running;

beforeAll(async () => {
  machine = await openMachine();
  payments = await machine.payments();
  site = await machine.runSite({ PAYMENTS_WITHIN_MS: '2000' });
});
afterAll(async () => machine.close());

const page = async (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${site.url}${path}`, { redirect: 'manual', ...init });
const text = async (path: string): Promise<string> => (await page(path)).text();
const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

describe('clips', () => {
  it('are the built-in ones until something was published, then those, without a restart', async () => {
    expect(await text('/')).toContain('Morning fog over the harbour');
    machine.publish(60);
    const home = await text('/');
    expect(home).not.toContain('Morning fog');
    expect(home.match(/class="card"/g)).toHaveLength(24);
  });

  it('are found by all of the words, and by what those mean', async () => {
    expect(await text('/search?q=SNOW%20tram')).toMatch(/\d+ clips for <q>SNOW tram<\/q>/);
    expect(await text('/search?q=weather')).toContain('storm');
    expect(await text('/search?q=qqqqqq')).toContain('Nothing for <q>qqqqqq</q>');
  });

  it('that are not there are not', async () => {
    const answer = await page('/items/nosuch');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('not sold any more');
  });

  it('what visitors write is text and no HTML', async () => {
    expect(await text('/search?q=%3Cscript%3E"\'')).toContain('<q>&lt;script&gt;&quot;&#39;</q>');
  });
});

describe('pictures and clips', () => {
  beforeAll(() => {
    mkdirSync(join(machine.store, 'encoded'), { recursive: true });
    writeFileSync(join(machine.store, 'encoded/a.mp4'), '0123456789');
  });

  it.each([
    [undefined, 200, '0123456789', null],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=50-', 200, '0123456789', null],
  ])('are sent whole or in pieces: %s', async (range, status, body, contentRange) => {
    const headers = range === undefined ? {} : { range };
    const answer = await page('/media/encoded/a.mp4', { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(await answer.text()).toBe(body);
  });

  it.each([
    '/media/encoded/..%2Fsite.db',
    '/media/..%2Fsite.db/x',
    '/media/store/site.db',
    '/static/..%2Fmain.js',
  ])('nothing else of the store: %s', async (path) => {
    expect((await page(path)).status).toBe(404);
  });
});

describe('orders', () => {
  it('are paid once, and shown', async () => {
    const before = await payments.metric('process_start_time_seconds');
    const { status, answer } = await order(site.url);
    expect(status).toBe(201);
    expect(answer).toMatchObject({ amount: 24 });
    const shown = await text(String(answer['url']));
    expect(shown).toContain('Thank you');
    expect(shown).toContain('24.00');
    expect(before).toBeGreaterThan(0);
    expect(await (await fetch(`${payments.url}/charges`)).json()).toEqual({ charges: 1, sum: 24 });
  });

  it('work without a script', async () => {
    const wish = { item: 'item-2', kind: 'print', email: 'ana@example.org' };
    const answer = await page('/orders', form(wish));
    expect(answer.status).toBe(303);
    expect(await text(answer.headers.get('location') ?? '')).toContain('Print of');
  });

  it.each([
    [{ item: 'nosuch' }, 404],
    [{ kind: 'poster' }, 400],
    [{ email: 'nobody' }, 400],
  ])('that can not be are refused: %j', async (wish, expected) => {
    const { status, answer } = await order(site.url, wish);
    expect(status).toBe(expected);
    expect(answer['error']).toBeTruthy();
  });

  it.each([
    ['refuses', 'do not work just now'],
    ['hangs', 'takes too long'],
  ])(
    'are refused in time while the provider %s, and placed again after it',
    async (mode, words) => {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${payments.url}/outage`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ mode }),
      });
      expect((await fetch(`${payments.url}/healthz`)).status).toBe(503);
      const { status, answer } = await order(site.url);
      expect(status).toBe(503);
      expect(answer['error']).toContain(words);
      await fetch(`${payments.url}/outage`, { method: 'DELETE' });
      expect((await order(site.url)).status).toBe(201);
    },
  );

  it('are told, one by one', async () => {
    const placed = await site.metric('newsroom_events_total{type="order.placed"}');
    const refused = await site.metric('newsroom_events_total{type="order.refused"}');
    expect([placed, refused]).toEqual([4, 2]);
  });
});

describe('people', () => {
  it('sign up, and are known then', async () => {
    const answer = await page('/sign-up', form({ name: 'Ana', email: 'Ana@Example.org' }));
    expect(answer.status).toBe(303);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^session=[\w-]{32}; .*HttpOnly; SameSite=Lax$/);
    const welcome = await page('/welcome', { headers: { cookie } });
    expect(await welcome.text()).toContain('Welcome, Ana');
    const item = await page('/items/item-1', { headers: { cookie } });
    expect(await item.text()).toContain('value="ana@example.org"');
    // Whoever types in an address that is known does not become that person.
    const again = await page('/sign-up', form({ name: 'Eve', email: 'ana@example.org' }));
    expect([again.status, again.headers.get('set-cookie')]).toEqual([303, null]);
    const still = await page('/welcome', { headers: { cookie } });
    expect(await still.text()).toContain('Welcome, Ana');
    expect(await site.metric('newsroom_events_total{type="user.signedup"}')).toBe(1);
  });

  it('write to support, which is a ticket', async () => {
    const letter = { email: 'ana@example.org', subject: 'My print', text: 'It is bent.' };
    const answer = await page('/support', form(letter));
    expect(answer.headers.get('location')).toMatch(/^\/support\/case-[0-9a-f]{8}$/);
    const type = 'dev.cdevents.ticket.created.0.2.0';
    expect(await site.metric(`newsroom_events_total{type="${type}"}`)).toBe(1);
    expect((await page('/support', form({ ...letter, text: ' ' }))).status).toBe(400);
  });
});

describe('a ticket', () => {
  it('is a CDEvent, and says nothing of who wrote', async () => {
    const { ticketCreated } = (await import(join(machine.site, 'src/tickets.js'))) as {
      ticketCreated: (letter: object) => { type: string; data: unknown };
    };
    const about = { id: 'case-1', subject: 'My print', environment: 'production', now: Date.now() };
    const { type, data } = ticketCreated(about);
    expect(type).toBe('dev.cdevents.ticket.created.0.2.0');
    expect(validateCDEvent(data)).toEqual({ kind: 'valid' });
  });
});

describe('as a process', () => {
  it('says how it is, and which release', async () => {
    const answer = await fetch(`${site.url}/healthz`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'pass', version: 'release_2' });
  });

  it('passes its smoke scenarios', async () => {
    expect(await smoke(machine, site)).toContain('OK - 5 scenarios passed');
  });

  it('measures each request', async () => {
    const count =
      'http_server_request_duration_seconds_count{route="/orders",method="POST",code="503"}';
    expect(await site.metric(count)).toBe(2);
  });

  it('starts several times at once, and ends in order when it is asked to', async () => {
    const other = await openMachine();
    try {
      // Each migrates first: one of them does it, the others wait.
      const fresh = await Promise.all([other.runSite(), other.runSite(), other.runSite()]);
      for (const { url } of fresh) expect((await fetch(`${url}/healthz`)).status).toBe(200);
      expect(await Promise.all(fresh.map(async ({ stop }) => stop()))).toEqual([0, 0, 0]);
    } finally {
      await other.close();
    }
  });
});
