import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { Received } from '../http/protocol.ts';
import { jsonValues } from './json-values.ts';
import { logs } from './logs.ts';

const now = Date.UTC(2026, 5, 1, 12);
const sender = {
  name: 'shipper',
  source: '/tokens/shipper',
  unrestricted: true,
  maySend: () => true,
};

function received(body: string | Buffer, headers: Received['headers'] = {}, query = ''): Received {
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    path: '/api/v1/logs',
    query: new URLSearchParams(query),
    headers,
    body: bytes,
    raw: bytes,
    maxBody: 1e7,
    now,
  };
}

const decode = (...given: Parameters<typeof received>): Decoded[] => [
  ...logs.decode(received(...given), sender),
];

describe('Fluent Bit', () => {
  // docs.fluentbit.io, Output formats: the records of its examples.
  const records = [
    { date: 1_780_315_191.123, log: 'Core: initialization and 32 bit fixes.', author: 'Eduardo' },
    { date: 1_780_315_192, log: 'Initial import.\n', author: 'Eduardo' },
  ];
  const events = [
    {
      type: 'log',
      time: 1_780_315_191_123,
      data: 'Core: initialization and 32 bit fixes.',
      attributes: { author: 'Eduardo' },
    },
    { type: 'log', time: 1_780_315_192_000, data: 'Initial import.' },
  ];

  test.each<[string, string, string]>([
    ['json', JSON.stringify(records), 'application/json'],
    ['json_lines', records.map((one) => JSON.stringify(one)).join('\n'), 'application/x-ndjson'],
    ['json_stream', records.map((one) => JSON.stringify(one)).join(''), 'application/json'],
  ])('format %s', (_, body, type) => {
    expect(decode(body, { 'content-type': type })).toMatchObject(events);
  });

  test.each<[string, unknown]>([
    ['double', 1_780_315_191.123],
    ['epoch_ms', 1_780_315_191_123],
    ['iso8601', '2026-06-01T11:59:51.123000Z'],
    ['java_sql_timestamp', '2026-06-01 11:59:51.123000'],
  ])('json_date_format %s', (_, date) => {
    expect(decode(JSON.stringify([{ date, log: 'x' }]))).toMatchObject([
      { time: 1_780_315_191_123 },
    ]);
  });

  test('format gelf', () => {
    const body =
      '{"version":"1.1","short_message":"a","host":"h","timestamp":1780315191.123,"level":4,"_x":"y"}\n';
    expect(decode(body)).toMatchObject([
      { host: 'h', data: 'a', time: 1_780_315_191_123, state: 'warning' },
    ]);
  });

  test('with what its kubernetes filter adds, and its tag', () => {
    const record = {
      date: 1_780_315_191.123,
      stream: 'stderr',
      log: 'boom',
      kubernetes: {
        pod_name: 'shop-5d8-x',
        namespace_name: 'prod',
        pod_id: 'u-1',
        labels: { 'app.kubernetes.io/name': 'shop', tier: 'web' },
        annotations: { a: 'b' },
        host: 'node-1',
        container_name: 'web',
        docker_id: 'd1',
        container_image: 'acme/shop:7',
      },
    };
    const headers = { 'content-type': 'application/json', 'fluent-tag': 'kube.shop' };
    expect(decode(JSON.stringify([record]), headers)).toMatchObject([
      {
        service: 'shop',
        host: 'node-1',
        attributes: {
          'fluent.tag': 'kube.shop',
          'log.iostream': 'stderr',
          'k8s.pod.name': 'shop-5d8-x',
          'k8s.namespace.name': 'prod',
          'k8s.pod.uid': 'u-1',
          'k8s.pod.label.app.kubernetes.io/name': 'shop',
          'k8s.pod.label.tier': 'web',
          'k8s.pod.annotation.a': 'b',
          'k8s.node.name': 'node-1',
          'k8s.container.name': 'web',
          'container.id': 'd1',
          'container.image.name': 'acme/shop:7',
        },
        data: 'boom',
      },
    ]);
  });

  test('msgpack, its default, is turned away with the setting to change', () => {
    expect(() => decode('\u0092', { 'content-type': 'application/msgpack' })).toThrow(
      /Format json_lines/,
    );
  });
});

describe('Vector', () => {
  // vector.dev, sources file, docker_logs, kubernetes_logs, syslog: the events of their examples.
  test.each<[string, object, object]>([
    [
      'file',
      {
        file: '/var/log/shop.log',
        host: 'h',
        message: 'm',
        source_type: 'file',
        timestamp: '2026-06-01T11:59:51.123456789Z',
      },
      {
        time: 1_780_315_191_123,
        host: 'h',
        data: 'm',
        attributes: { 'log.file.path': '/var/log/shop.log', source_type: 'file' },
      },
    ],
    [
      'docker_logs',
      {
        container_id: 'd1',
        container_name: 'shop',
        image: 'acme/shop:7',
        label: { a: 'b' },
        message: 'm',
        stream: 'stdout',
        source_type: 'docker_logs',
        timestamp: '2026-06-01T11:59:51Z',
      },
      {
        service: 'shop',
        attributes: {
          'container.id': 'd1',
          'container.name': 'shop',
          'container.image.name': 'acme/shop:7',
          'log.iostream': 'stdout',
          'label.a': 'b',
        },
      },
    ],
    [
      'kubernetes_logs',
      {
        file: '/var/log/pods/x',
        kubernetes: {
          container_name: 'web',
          pod_namespace: 'prod',
          pod_node_name: 'node-1',
          pod_labels: { app: 'shop' },
        },
        message: 'm',
        source_type: 'kubernetes_logs',
        stream: 'stdout',
        timestamp: '2026-06-01T11:59:51Z',
      },
      {
        service: 'shop',
        host: 'node-1',
        attributes: { 'k8s.namespace.name': 'prod', 'k8s.pod.label.app': 'shop' },
      },
    ],
    [
      'syslog',
      {
        appname: 'shop',
        facility: 'local0',
        host: 'h',
        hostname: 'h',
        message: 'm',
        msgid: 'ID47',
        procid: 17,
        severity: 'err',
        source_ip: '192.0.2.7',
        source_type: 'syslog',
        timestamp: '2026-06-01T11:59:51Z',
        version: 1,
      },
      {
        service: 'shop',
        host: 'h',
        state: 'critical',
        attributes: {
          'syslog.facility': 'local0',
          'syslog.msgid': 'ID47',
          'process.pid': '17',
          severity: 'err',
        },
      },
    ],
    [
      'journald',
      {
        PRIORITY: '4',
        SYSLOG_IDENTIFIER: 'sshd',
        _PID: '17',
        _SYSTEMD_UNIT: 'ssh.service',
        host: 'h',
        message: 'm',
        source_type: 'journald',
        timestamp: '2026-06-01T11:59:51Z',
      },
      {
        service: 'sshd',
        state: 'warning',
        attributes: { 'process.pid': '17', _SYSTEMD_UNIT: 'ssh.service' },
      },
    ],
  ])('%s', (_, record, event) => {
    for (const body of [JSON.stringify([record]), `${JSON.stringify(record)}\n`])
      expect(decode(body)).toMatchObject([event]);
  });
});

test('lines of text, and where they are from by the address', () => {
  const query = 'service=shop&environment=prod&host=web-1';
  expect(decode('one\r\n\ntwo', { 'content-type': 'text/plain; charset=utf-8' }, query)).toEqual(
    ['one', 'two'].map((data) => ({
      type: 'log',
      service: 'shop',
      host: 'web-1',
      environment: 'prod',
      data,
    })),
  );
  expect(decode('{"msg":"m","service":"own"}', {}, query)).toMatchObject([
    { service: 'own', host: 'web-1' },
  ]);
});

test('one bad line costs itself', () => {
  const body =
    '{"msg":"a"}\nnot JSON\n{"msg":"b"\n{"msg":"c","x":"}"}\n"text"\n{"msg":"d\n{"msg":"e"}';
  expect(decode(body).map((one) => (isRefused(one) ? one.refused.line : one.data))).toEqual([
    'a',
    2,
    3,
    'c',
    5,
    6,
    'e',
  ]);
  expect(
    decode('[{"msg":"a"},\n{"msg":]').map((one) => (isRefused(one) ? one.refused.line : one.data)),
  ).toEqual(['a', 2]);
  expect(() => decode('')).toThrow(CodedError);
  expect(decode('[]')).toEqual([]);
});

test('answers as shippers read them', () => {
  const none = { accepted: 0, duplicates: 0, refused: 0, errors: [] };
  const statusOf = (outcome: object) => logs.answer({ ...none, ...outcome }, received('')).status;
  expect(statusOf({ accepted: 2, refused: 1 })).toBe(200);
  expect(statusOf({})).toBe(200);
  expect(statusOf({ refused: 1 })).toBe(400);
  expect(statusOf({ failure: intakeErrors('BUSY', 'later') })).toBe(503);
});

test('any body: only CodedErrors, every event is one, and no byte is looked at twice', () => {
  const part = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    '\n',
    ' ',
    '{"msg":"x"}',
    'a',
    '\ud800',
    ':',
    '1',
  );
  const body = fc.oneof(
    fc.array(part).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(body, (bytes) => {
      let behind = 0;
      for (const { start, end } of jsonValues(bytes)) {
        expect(start).toBeGreaterThanOrEqual(behind);
        expect(end).toBeGreaterThan(start);
        behind = end;
      }
      if (bytes.length === 0) return;
      for (const one of decode(bytes)) {
        const taken = isRefused(one) || 'draft' in checkDraft(one, defaultLimits, now);
        expect(taken).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each(['{\n', '{"', '[', '{', '{"a":"\n', '"\n', '{}'])(
  'eight megabytes of %j are read at once',
  (part) => {
    const body = Buffer.from(part.repeat(8_000_000 / part.length));
    const before = performance.now();
    let count = 0;
    for (const { end } of jsonValues(body)) count += end > 0 ? 1 : 0;
    expect(count).toBeGreaterThanOrEqual(0);
    expect(performance.now() - before).toBeLessThan(5_000);
  },
);
