import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Machine, agents, openMachine, order, searches, smoke } from './machine.suite.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
  await machine.payments();
  machine.publish(60);
});
afterEach(async () => machine.close());

const names = Object.keys(agents) as (keyof typeof agents)[];

/** Statuses of orders, by browser. */
const orders = async (url: string) =>
  Promise.all(names.map(async (name) => (await order(url, {}, name)).status));

describe('what is bad only in production', () => {
  it('latency: a search takes many times as long, and is right', async () => {
    const before = await searches((await machine.runSite()).url, 9);
    await machine.change('price-in-results');
    const site = await machine.runSite();
    const after = await searches(site.url, 5);
    // Machines that are busy are slow in both.
    expect(after[2]).toBeGreaterThan(300);
    expect(after[2]).toBeGreaterThan((before[4] ?? Infinity) * 5);
    expect(await orders(site.url)).toEqual([201, 201, 201]);
    expect(await smoke(machine, site)).toContain('OK - 5 scenarios passed');
  });

  it('leak: each search leaves something behind', async () => {
    const memory = 'process_resident_memory_bytes';
    const grown = async (): Promise<number> => {
      const site = await machine.runSite();
      await searches(site.url, 20);
      const before = await site.metric(memory);
      await searches(site.url, 100);
      return ((await site.metric(memory)) - before) / 1e6;
    };
    const usual = await grown();
    await machine.change('misspelt-words');
    expect(await grown()).toBeGreaterThan(Math.max(usual, 0) + 15);
  });

  it('browser: orders from Firefox fail, all else is well', async () => {
    expect(await orders((await machine.runSite()).url)).toEqual([201, 201, 201]);
    await machine.change('browser-of-orders');
    const site = await machine.runSite();
    expect(await orders(site.url)).toEqual([201, 500, 201]);
    expect(site.said).toContainEqual(
      expect.objectContaining({ level: 'error', route: 'POST /orders', agent: 'firefox' }),
    );
    expect(await smoke(machine, site)).toContain('OK - 5 scenarios passed');
  });

  it('migration: nobody can order; and the code before it can', async () => {
    const old = await machine.runSite();
    await machine.change('amount-in-eur');
    const site = await machine.runSite();
    expect(await orders(site.url)).toEqual([500, 500, 500]);
    expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
    expect(await smoke(machine, site)).toContain('OK - 5 scenarios passed');
    expect(await orders(old.url)).toEqual([201, 201, 201]);
  });
});

describe('what is good', () => {
  it('works with all of it together', async () => {
    for (const part of ['how-many', 'search-by-key', 'more-from', 'names-of'])
      await machine.change(part);
    const { url } = await machine.runSite();
    expect(await orders(url)).toEqual([201, 201, 201]);
    const text = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
    expect(await text('/')).toContain('48 clips to choose from');
    expect(await text('/items/item-1')).toContain('More from coast');
    expect(await text('/static/keys.js')).toContain('keydown');
    const letter = { email: 'a@b.cd', subject: 'x', text: 'y', name: 'Ana' };
    const sent = await fetch(`${url}/support`, {
      method: 'POST',
      body: new URLSearchParams(letter),
    });
    expect(sent.status).toBe(200);
  });
});
