import { expect, test } from 'vitest';
import { otlpProtocol } from '../../intake/otlp/otlp.ts';
import { httpProtocols, pollers, socketProtocols } from '../../intake/protocols.ts';
import type { SenderView } from '../../server/api/contract-intakes.ts';
import { WebhookKind } from '../../server/api/contract-webhooks.ts';
import { kinds } from './kinds.ts';
import { fits, inOrder, stateOf } from './sender-state.ts';
import { sourceOf } from './source-of.ts';
import { webhookProducts } from './webhook-kinds.ts';

const now = Date.UTC(2026, 0, 31, 10);
const minute = 60_000;

const sender = (changes: Partial<SenderView>): SenderView => ({
  intake: 'statsd',
  sender: '10.0.0.7',
  first: now - 60 * minute,
  last: now,
  accepted: 1,
  refused: 0,
  rate: 1,
  gap: 10_000,
  silent: false,
  ...changes,
});
const problem = { at: now, code: 'TERR_INTAKE_DECODE', message: 'no number' };

test.each([
  ['sending', {}],
  ['silent', { silent: true, last: now - 10 * minute }],
  ['refused', { problem, rate: 0 }],
  ['some refused', { problem, rate: 3 }],
  ['sending', { problem: { ...problem, at: now - 20 * minute } }],
  ['quiet', { last: now - 10 * minute, gap: 0, rate: 0 }],
  ['quiet', { accepted: 0, rate: 0 }],
] as const)('a sender is %s with %j', (word, changes) => {
  expect(stateOf(sender(changes), now).word).toBe(word);
});

test('what somebody must look at stands first', () => {
  const names = inOrder(
    [
      sender({ sender: 'slow', rate: 1 }),
      sender({ sender: 'silent', silent: true, rate: 0 }),
      sender({ sender: 'refused', problem, rate: 0 }),
      sender({ sender: 'fast', rate: 100 }),
    ],
    now,
  ).map((one) => one.sender);
  expect(names).toEqual(['refused', 'silent', 'fast', 'slow']);
});

test('a sender is found by words of its name and its way in', () => {
  expect(fits(sender({}), 'stat 10.0')).toBe(true);
  expect(fits(sender({}), 'graph')).toBe(false);
});

test.each([
  [{ intake: 'http', sender: 'ci' }, 'http', 'source = "/tokens/ci"'],
  [{ intake: 'syslog', sender: '10.0.0.7' }, 'socket', 'source = "/syslog/10.0.0.7"'],
  [{ intake: 'statsd', sender: '10.0.0.7' }, 'socket', 'source = "/statsd"'],
  [{ intake: 'webhook', sender: 'acme' }, 'http', undefined],
] as const)('the events of %j are found', (of, kind, where) => {
  expect(sourceOf(of, kind)).toBe(where);
});

const holds = { token: 'tty_x', network: '4711', configuration: 'intakes:' } as const;

test('every kind of source has its way in, and lines that are filled in', () => {
  const intakes = [...httpProtocols, otlpProtocol(0), ...socketProtocols, ...pollers];
  const names = ['http', ...intakes.map(({ name }) => name)];
  const filling = {
    url: 'https://t.example.org',
    host: 't.example.org',
    port: 4711,
    token: 'tty_x',
  };
  for (const { id, intake, needs, snippets } of kinds) {
    const text = snippets(filling)
      .map((one) => one.text)
      .join('\n');
    expect([id, names.includes(intake)]).toEqual([id, true]);
    expect([id, text]).toEqual([id, expect.stringContaining(holds[needs])]);
  }
});

test('every product whose webhooks are taken can be added', () => {
  const ofApi: readonly string[] = WebhookKind.enum;
  expect(webhookProducts.map(({ kind }) => kind).toSorted()).toEqual([...ofApi].toSorted());
});
