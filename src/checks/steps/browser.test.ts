import { existsSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumBrowsers } from '../browser/browsers.ts';
import { planOfTexts } from '../run/load.ts';
import { outboundOf } from '../run/outbound.ts';
import type { Browsers } from '../run/ports.ts';
import type { RunResult } from '../run/result.ts';
import { runScenario } from '../run/scenario.ts';
import { vocabulary } from './vocabulary.ts';

const hasChromium = existsSync('/usr/bin/chromium');
if (!hasChromium) process.stdout.write('skipped: chromium is not installed\n');

/** A page with all that steps look for. */
const shop = `<!doctype html><title>The shop</title><h1>Welcome</h1>
<form onsubmit="event.preventDefault(); out.textContent = 'Hello ' + email.value + ', ' + drink.value + ', ' + receipt.checked + ', ' + size.value">
<label>Email <input id="email"></label>
<input id="code" placeholder="Voucher" name="voucher">
<label>Drink <select id="drink"><option value="t">Tea</option><option value="c">Coffee</option></select></label>
<label><input type="checkbox" id="receipt"> Send me a receipt</label>
<label><input type="radio" name="size" id="size" value="large"> Large</label>
<button>Order</button></form><p id="out"></p><a href="/basket">Basket</a>`;

const pages: Readonly<Record<string, string>> = {
  '/': shop,
  '/basket': '<title>Basket</title><p>Nothing in it</p>',
  '/bad':
    '<title>Bad</title><p>x</p><script>console.error("oops"); throw new Error("thrown")</script>',
};

function serve({ url = '' }: IncomingMessage, answer: ServerResponse): void {
  const page = pages[url];
  // A server beside this one, which is not allowed.
  if (url === '/out') return void answer.writeHead(302, { location: elsewhere }).end();
  const securely = elsewhere.replace('http:', 'https:');
  if (url === '/out-securely') return void answer.writeHead(302, { location: securely }).end();
  if (url === '/image') {
    answer.setHeader('content-type', 'text/html');
    return void answer.end(`<p>Here</p><img src="${elsewhere}/secret.png">`);
  }
  answer.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' });
  answer.end(page ?? 'no such page');
}

const server = createServer(serve);
let reached = 0;
const other = createServer((_, answer) => {
  reached++;
  answer.end('secret');
});
let port: number;
let elsewhere: string;
let browsers: Browsers;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  ({ port } = server.address() as AddressInfo);
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  browsers = chromiumBrowsers({ path: '/usr/bin/chromium' });
});
afterAll(async () => {
  await browsers.close();
  server.close();
  other.close();
});

const failures: string[] = [];
async function run(steps: readonly string[], using = browsers): Promise<RunResult> {
  const text = ['@browser', 'Feature: f', '  Scenario: s', ...steps.map((one) => `    ${one}`)];
  const { plan } = planOfTexts([{ file: 'f.feature', text: text.join('\n') }], vocabulary);
  expect(plan.findings).toEqual([]);
  const [planned] = plan.scenarios;
  if (!planned) throw new Error('no scenario');
  const secret = (name: string): string | undefined => (name === 'CODE' ? 'hunter2' : undefined);
  const outbound = outboundOf([`127.0.0.1:${port}`]);
  const base = `http://127.0.0.1:${port}`;
  return runScenario(
    planned,
    { base, outbound, secret, browsers: using },
    new AbortController().signal,
    // A machine with two cores starts a browser next to other tests.
    { deadline: 120_000, onStep: ({ failure }) => failures.push(failure ?? '') },
  );
}

/** Playwright masks fields with this colour. */
async function hasPink(png: Uint8Array | undefined): Promise<boolean> {
  const data = `data:image/png;base64,${Buffer.from(png ?? []).toString('base64')}`;
  const taken = await browsers.take(outboundOf([]), new AbortController().signal);
  try {
    return await (taken.page as Page).evaluate<boolean>(`(async () => {
      const image = new Image();
      image.src = ${JSON.stringify(data)};
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === 255 && data[i + 1] === 0 && data[i + 2] === 255) return true;
      return false;
    })()`);
  } finally {
    await taken.back();
  }
}

const open = ['Given the timeout is 30 s', 'When I open "/" in the browser'];

describe.skipIf(!hasChromium)('a real Chromium', { timeout: 120_000 }, () => {
  test('fills in, chooses, presses, and sees', async () => {
    const result = await run([
      ...open,
      'And I fill in "Email" with "ann@example.org"',
      'And I choose "Coffee" from "Drink"',
      'And I choose "Send me a receipt"',
      'And I choose "Large"',
      'And I press "Order"',
      'Then the page should show "Hello ann@example.org, c, true, large"',
      'And the page should not show "Error"',
      'And there should be a heading named "Welcome"',
      'And there should be a textbox named "Email"',
      'And the title of the page should be "The shop"',
      'And there should be no console errors',
      'And I should get a 200 status code',
      'And I should see "Voucher"',
      'When I click the link "Basket"',
      'Then the browser should be at "/basket"',
      'And the page should show "Nothing in it"',
    ]);
    expect(failures.filter(Boolean)).toEqual([]);
    expect(result.failure).toBeUndefined();
    expect(result.state).toBe('passed');
  });

  test('measures the largest contentful paint', async () => {
    const paint = (limit: string): string =>
      `Then the largest contentful paint should be less than ${limit}`;
    const result = await run([...open, paint('60 s')]);
    expect(result).toMatchObject({
      state: 'passed',
      performance: [{ label: 'largest contentful paint', unit: 's', critical: 60 }],
    });
    expect((await run([...open, paint('1 ms')])).failure?.message).toMatch(
      /^expected less than 0.001 s; it was painted after [\d.]+ s$/,
    );
  });

  test.each([
    ['Then the page should show "Goodbye"', /^expected "Goodbye"; .* shows Welcome Email/],
    ['When I press "Pay"', /^there is no button "Pay"; .* shows Welcome/],
    [
      'Then there should be a button named "Pay"',
      /^expected a button named "Pay"; there is "Order"$/,
    ],
    ['Then the title of the page should be "x"', /^expected the title "x"; it is "The shop"$/],
  ])('%s: says what is there, with a picture', async (step, message) => {
    const asserts = 'Then the page should show "Welcome"';
    const timeout = 'Given the timeout is 2 s';
    const result = await run([...open, asserts, timeout, step]);
    expect(result).toMatchObject({ state: 'failed', attempts: 2, failure: { kind: 'assertion' } });
    expect(result.failure?.message).toMatch(message);
    expect(
      Buffer.from(result.screenshot ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  test('errors of the console, and of scripts', async () => {
    const result = await run([
      'Given the timeout is 30 s',
      'When I open "/bad" in the browser',
      'Then there should be no console errors',
    ]);
    expect(result.failure?.message).toMatch(
      /^expected no errors in the console; oops .*Error: thrown/,
    );
  });

  test('a secret is filled in and shown nowhere', async () => {
    const result = await run([
      ...open,
      'And I fill in "Email" with the secret "CODE"',
      'And I press "Order"',
      'Given the timeout is 2 s',
      'Then the page should show "Goodbye"',
    ]);
    expect(result.failure?.message).toContain('Hello ***');
    expect(await hasPink(result.screenshot)).toBe(true);
    const { screenshot: _, ...told } = result;
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  test('it goes nowhere but where it may: not by a redirect, not by a page, not to localhost', async () => {
    const show = 'Then the page should show "Here"';
    const time = 'Given the timeout is 30 s';
    const refused = {
      state: 'unknown',
      failure: { message: expect.stringContaining('not allowed') },
    };
    const openAt = (path: string): string => `When I open "${path}" in the browser`;
    expect(await run([time, openAt('/out'), show])).toMatchObject(refused);
    expect(await run([time, openAt(elsewhere), show])).toMatchObject(refused);
    const named = elsewhere.replace('127.0.0.1', 'localhost');
    expect(await run([time, openAt(named), show])).toMatchObject(refused);
    expect(await run([time, openAt('/out-securely'), show])).toMatchObject(refused);
    expect(await run([time, openAt('/image'), show])).toMatchObject({ state: 'passed' });
    expect(reached).toBe(0);
  });

  test('nobody answers: a failure of the network, tried again', async () => {
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    const free = (gone.address() as AddressInfo).port;
    gone.close();
    const { plan } = planOfTexts(
      [
        {
          file: 'f.feature',
          text: `@browser\nFeature: f\n  Scenario: s\n    Given the timeout is 30 s\n    When I open "/" in the browser\n    Then the page should show "x"\n`,
        },
      ],
      vocabulary,
    );
    const [planned] = plan.scenarios;
    if (!planned) throw new Error('no scenario');
    const base = `http://127.0.0.1:${free}`;
    const surroundings = {
      base,
      outbound: outboundOf([`127.0.0.1:${free}`]),
      secret: () => undefined,
    };
    const never = new AbortController().signal;
    const result = await runScenario(planned, { ...surroundings, browsers }, never, {
      deadline: 120_000,
    });
    expect(result).toMatchObject({ state: 'failed', attempts: 3, failure: { kind: 'network' } });
    expect(result.failure?.message).toMatch(/can not be reached: connect ECONNREFUSED/);
  });

  test('one that takes too much memory is ended, which says nothing of what is tested', async () => {
    const small = chromiumBrowsers({ path: '/usr/bin/chromium', memory: 40 * 2 ** 20 });
    const result = await run([...open, 'Then the page should show "Goodbye"'], small);
    await small.close();
    expect(result).toMatchObject({
      state: 'unknown',
      failure: { message: expect.stringMatching(/^the browser was ended: it took \d+ MiB/) },
    });
  });
});

test('without a browser it is unknown', async () => {
  const none = chromiumBrowsers({ path: '/nowhere/chromium' });
  expect(await run([...open, 'Then the page should show "x"'], none)).toMatchObject({
    state: 'unknown',
    attempts: 1,
    failure: { message: expect.stringContaining('the browser /nowhere/chromium does not start') },
  });
  await none.close();
});
