import { expect, test } from 'vitest';
import type { Deploy } from '../api/contract-deploys.ts';
import { type Person, type Runner, startShop } from './deploys.suite.ts';

const lane = { app: 'shop', environment: 'staging' };

async function leased(ada: Person, box: Runner) {
  await ada.ask('POST', '/api/v1/deploys', { ...lane, version: 'v1' });
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  return order;
}

/** Reads a stream of events until a text has come, and hangs up; all that came. */
async function read(response: Response, until: string): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader && !text.includes(until)) {
    // oxlint-disable-next-line no-await-in-loop -- as it comes
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

const datas = (text: string, event: string): string[] =>
  [...text.matchAll(new RegExp(`event: ${event}\ndata: (.*)\n`, 'g'))].map(
    ([, data]) => data ?? '',
  );

test('who follows is told of each change, and gets the log as it comes', async () => {
  const { person, runner, server } = await startShop();
  const ada = await person('ada');
  const box = await runner('box', 'staging');
  const order = await leased(ada, box);
  const path = `/api/v1/deploys/${order.id}/follow`;
  const stream = await server.ask(path);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  await box.progress(order, { log: { offset: 0, text: 'one\ntwo\n' } });
  const started = Date.now();
  await box.progress(order, {
    stages: [{ stage: 'fetching', state: 'running', started, ended: null, text: null }],
  });
  const first = await read(stream, '"stage":"fetching"');
  expect(first).toContain('id: 8\nevent: log\ndata: {"offset":0,"next":8,"text":"one\\ntwo\\n"');
  const states = datas(first, 'deploy').map((data) => (JSON.parse(data) as Deploy).state);
  expect(new Set(states)).toEqual(new Set(['running']));
  // Who comes back goes on where the last line ended.
  await box.progress(order, { log: { offset: 8, text: 'three\n' } });
  const again = await server.ask(path, { headers: { 'last-event-id': '8' } });
  const resumed = read(again, '"ended":true');
  await box.end(order, 'succeeded', { serves: 'v1' });
  const rest = await resumed;
  expect(rest).toContain('data: {"offset":8,"next":14,"text":"three\\n"');
  expect(rest).not.toContain('"text":"one');
  expect(datas(rest, 'deploy').at(-1)).toContain('"state":"succeeded"');
});

test('a deploy that waits is followed as well, and one that is not known is not', async () => {
  const { person, server } = await startShop();
  const ada = await person('ada');
  const wanted = { ...lane, version: 'v1' };
  const { body } = await ada.ask<Deploy>('POST', '/api/v1/deploys', wanted);
  const path = `/api/v1/deploys/${body.id}/follow`;
  const stream = await server.ask(`${path}?offset=0`);
  await ada.ask('POST', `/api/v1/deploys/${body.id}/cancel`, {});
  const text = await read(stream, '"ended":true');
  const told = datas(text, 'deploy').map((data) => (JSON.parse(data) as Deploy).state);
  expect(told.at(0)).toBe('queued');
  expect(told.at(-1)).toBe('cancelled');
  expect((await server.ask('/api/v1/deploys/none/follow')).status).toBe(404);
  const wrong = await server.ask(path, { headers: { 'last-event-id': 'x' } });
  expect(wrong.status).toBe(400);
});

test('who follows is let go when the server stops', async () => {
  const { person, server } = await startShop();
  const ada = await person('ada');
  const wanted = { ...lane, version: 'v1' };
  const { body } = await ada.ask<Deploy>('POST', '/api/v1/deploys', wanted);
  const stream = await server.ask(`/api/v1/deploys/${body.id}/follow`);
  const all = read(stream, 'never');
  await server.close();
  expect(await all).toContain('event: deploy');
});
