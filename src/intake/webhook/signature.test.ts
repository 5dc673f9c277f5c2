import { createHmac } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { type ProductKind, productKinds, products } from './products.ts';
import { type Proof, type Webhook, verifierOf } from './webhook.ts';

const secret = 'whsec-of-nobody';
const raw = Buffer.from('{"a": 1,\r\n "ü":"☃"}');
const now = 1_790_000_000_000;
type Headers = Readonly<Record<string, string>>;

function verdict(kind: ProductKind, headers: Headers, query = '', body = raw): string {
  return verdictOf({ name: 'w', kind, secret }, headers, query, body);
}

function verdictOf(webhook: Webhook, headers: Headers, query = '', body = raw): string {
  try {
    verifierOf(webhook)(
      { headers, query: new URLSearchParams(query), raw: body, now },
      webhook.secret,
    );
    return 'good';
  } catch (error) {
    if (!(error instanceof CodedError) || error.message.includes(secret)) throw error;
    return error.code;
  }
}

const hex = (...parts: readonly (string | Buffer)[]): string => {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest('hex');
};
const base64 = (...parts: readonly (string | Buffer)[]): string =>
  Buffer.from(hex(...parts), 'hex').toString('base64');
const basic = `Basic ${Buffer.from(`any:${secret}`).toString('base64')}`;
const seconds = String(now / 1000);

const good: [kind: ProductKind, headers: Headers, query?: string][] = [
  ['github', { 'x-hub-signature-256': `sha256=${hex(raw)}` }],
  ['gitea', { 'x-gitea-signature': hex(raw) }],
  ['bitbucket', { 'x-hub-signature': `sha256=${hex(raw)}` }],
  ['gitlab', { 'x-gitlab-token': secret }],
  [
    'gitlab',
    {
      'webhook-id': 'i',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,AAAA v1,${base64(`i.${seconds}.`, raw)}`,
    },
  ],
  ['jenkins', {}, `token=${secret}`],
  ['jenkins', { authorization: basic }],
  ['alertmanager', { authorization: `Bearer ${secret}` }],
  ['alertmanager', { authorization: basic }],
  ['grafana', { authorization: `Bearer ${secret}` }],
  ['grafana', { 'x-grafana-alerting-signature': hex(raw) }],
  [
    'grafana',
    {
      'x-grafana-alerting-signature': hex(`${seconds}:`, raw),
      'x-grafana-alerting-signature-timestamp': seconds,
    },
  ],
  ['pagerduty', { 'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${hex(raw)}` }],
  ['sentry', { 'sentry-hook-signature': hex(raw) }],
  [
    'zendesk',
    {
      'x-zendesk-webhook-signature': base64('2026-09-21T12:00:00Z', raw),
      'x-zendesk-webhook-signature-timestamp': '2026-09-21T12:00:00Z',
    },
  ],
  ['stripe', { 'stripe-signature': `t=${seconds},v1=${hex(`${seconds}.`, raw)}` }],
];

test('every product is tried', () => {
  expect(new Set(good.map(([kind]) => kind))).toEqual(new Set(productKinds));
});

describe.each(good)('%s %j', (kind, headers, query = '') => {
  test('is taken, and by nobody else, for no other body', () => {
    expect(verdict(kind, headers, query)).toBe('good');
    expect(verdict(kind, {}, '')).toBe('TERR_INTAKE_SIGNATURE');
    for (const name of Object.keys(headers).filter((one) => !one.endsWith('-id'))) {
      const value = headers[name] ?? '';
      const others = ['', 'x', value.replaceAll(/[0-9a-f]/gi, '1'), '\u0000', 'ü'.repeat(70)];
      for (const other of others)
        expect(verdict(kind, { ...headers, [name]: other }, query)).toBe('TERR_INTAKE_SIGNATURE');
    }
    const changed = Buffer.from(raw);
    changed[0] = 0x20;
    const overBody =
      !/authorization|x-gitlab-token/.test(Object.keys(headers).join()) && query === '';
    const expected = overBody ? 'TERR_INTAKE_SIGNATURE' : 'good';
    expect(verdict(kind, headers, query, changed)).toBe(expected);
  });
});

describe('signatures by the products’ own libraries', () => {
  test('GitHub: @octokit/webhooks-methods', async () => {
    const signature = await sign(secret, raw.toString());
    expect(verdict('github', { 'x-hub-signature-256': signature })).toBe('good');
  });

  const stripeHeader = (timestamp: number): Headers => ({
    'stripe-signature': new Stripe('sk_test_none').webhooks.generateTestHeaderString({
      payload: raw.toString(),
      secret,
      timestamp,
    }),
  });

  test.each([
    [0, 'good'],
    [-299, 'good'],
    [-301, 'TERR_INTAKE_SIGNATURE'],
    [299, 'good'],
    [301, 'TERR_INTAKE_SIGNATURE'],
  ])('Stripe: %i s away from now', (offset, expected) => {
    expect(verdict('stripe', stripeHeader(now / 1000 + offset))).toBe(expected);
  });
});

test('a GitLab signing token is the base64 behind whsec_', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef');
  const digest = createHmac('sha256', key).update(`i.${seconds}.`).update(raw).digest('base64');
  const headers = {
    'webhook-id': 'i',
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${digest}`,
    // The older token beside it must not make a bad signature good.
    'x-gitlab-token': 'whatever',
  };
  const webhook = { name: 'w', kind: 'gitlab', secret: `whsec_${key.toString('base64')}` } as const;
  expect(verdictOf(webhook, headers)).toBe('good');
  expect(verdictOf({ ...webhook, secret: 'whatever' }, headers)).toBe('TERR_INTAKE_SIGNATURE');
});

describe('a generic webhook', () => {
  const sha1 = createHmac('sha1', secret).update(raw).digest('hex');
  const hmac = {
    by: 'hmac',
    header: 'X-Sig',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: '',
  } as const;
  const cases: [proof: Proof, headers: Headers, query?: string][] = [
    [{ by: 'bearer' }, { authorization: `bearer ${secret}` }],
    [{ by: 'header', header: 'X-Token' }, { 'x-token': secret }],
    [{ by: 'address' }, {}, `token=${secret}`],
    [hmac, { 'x-sig': hex(raw).toUpperCase() }],
    [{ ...hmac, encoding: 'base64' }, { 'x-sig': base64(raw) }],
    [{ ...hmac, algorithm: 'sha1', prefix: 'sha1=' }, { 'x-sig': `sha1=${sha1}` }],
  ];
  test.each(cases)('proved by %j', (proof, headers, query = '') => {
    const webhook: Webhook = { name: 'w', kind: 'generic', secret, proof, mappings: [] };
    expect(verdictOf(webhook, headers, query)).toBe('good');
    expect(verdictOf({ ...webhook, secret: 'other' }, headers, query)).toBe(
      'TERR_INTAKE_SIGNATURE',
    );
    expect(verdictOf(webhook, {}, '')).toBe('TERR_INTAKE_SIGNATURE');
  });
});

test('what a product proves itself with is told in words', () => {
  for (const kind of productKinds) expect(products[kind].proof).toMatch(/`/);
});
