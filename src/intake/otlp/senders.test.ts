import { SpanKind } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test, vi } from 'vitest';
import { openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { startServer } from '../../server/compose/running.suite.ts';

vi.setConfig({ testTimeout: 60_000 });
const timeout = 20_000;

const resource = resourceFromAttributes({
  'service.name': 'shop',
  'deployment.environment.name': 'prod',
});

async function started() {
  const server = await startServer();
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  const to = (signal: string) => ({
    url: `${server.url}/v1/${signal}`,
    headers: { authorization: `Bearer ${server.token}` },
  });
  const intake = async () =>
    ((await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer).find(
      ({ name }) => name === 'otlp',
    );
  const named = (name: string) =>
    tail.seen.map(({ event }) => event).filter((event) => event.name === name);
  return { server, tail, to, intake, named };
}

test.each([
  ['JSON', JsonMetrics],
  ['protobuf', ProtoMetrics],
])('the SDK sends metrics as %s; counters come as increments', async (_name, Exporter) => {
  const { tail, to, named, intake } = await started();
  const reader = new PeriodicExportingMetricReader({
    exporter: new Exporter(to('metrics')),
    exportIntervalMillis: 3_600_000,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter('shop');
  const orders = meter.createCounter('orders');
  const took = meter.createHistogram('took', { unit: 'ms' });
  orders.add(3, { channel: 'web' });
  took.record(20);
  // The SDK counts in ms, and a point that is as old as its series says that its start is not known.
  await new Promise((later) => setTimeout(later, 5));
  await provider.forceFlush();
  orders.add(4, { channel: 'web' });
  await provider.forceFlush();
  await provider.shutdown();
  await vi.waitUntil(() => named('orders').length >= 2, { timeout });
  expect(
    named('orders')
      .map(({ metric }) => metric)
      .slice(0, 2),
  ).toEqual([3, 4]);
  expect(named('orders')[0]).toMatchObject({
    service: 'shop',
    environment: 'prod',
    attributes: { channel: 'web', 'metric.type': 'delta' },
  });
  expect(named('took.sum')[0]).toMatchObject({ metric: 20, attributes: { unit: 'ms' } });
  expect(await intake()).toMatchObject({ refused: 0 });
  tail.close();
});

test.each([
  ['JSON', JsonTraces],
  ['protobuf', ProtoTraces],
])('the SDK sends logs, and spans as %s', async (_name, Exporter) => {
  const { tail, to, named } = await started();
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(to('logs')) })],
  });
  logs.getLogger('shop').emit({ severityNumber: 13, severityText: 'WARN', body: 'stock is low' });
  await logs.shutdown();
  const traces = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new Exporter(to('traces')))],
  });
  const span = traces.getTracer('shop').startSpan('pay', {
    kind: SpanKind.CLIENT,
    attributes: { 'peer.service': 'payments' },
  });
  span.end();
  await traces.shutdown();
  await vi.waitUntil(() => named('pay').length > 0 && tail.seen.length > 1, { timeout });
  expect(tail.seen.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ type: 'log', state: 'warning', data: 'stock is low' }),
  );
  expect(named('pay')[0]).toMatchObject({
    type: 'request',
    service: 'shop',
    attributes: {
      'client.service': 'shop',
      'server.service': 'payments',
      'trace.id': span.spanContext().traceId,
    },
  });
  tail.close();
});

test('the SDK sends exponential histograms; each export has its own quantiles', async () => {
  const { tail, to, named } = await started();
  const reader = new PeriodicExportingMetricReader({
    exporter: new ProtoMetrics(to('metrics')),
    exportIntervalMillis: 3_600_000,
  });
  const views = [
    {
      instrumentName: 'took',
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM as const },
    },
  ];
  const provider = new MeterProvider({ resource, readers: [reader], views });
  const took = provider.getMeter('shop').createHistogram('took', { unit: 's' });
  for (let i = 1; i <= 100; i++) took.record(i);
  await new Promise((later) => setTimeout(later, 5));
  await provider.forceFlush();
  // Far apart, so that the scale becomes coarser in between.
  for (let i = 1; i <= 100; i++) took.record(i * 1_000);
  await provider.forceFlush();
  await provider.shutdown();
  await vi.waitUntil(() => named('took.p99').length >= 2, { timeout });
  const metrics = (name: string) =>
    named(name)
      .map(({ metric = 0 }) => metric)
      .slice(0, 2);
  expect(metrics('took.count')).toEqual([100, 100]);
  const [first = 0, second = 0] = metrics('took.p50');
  expect(Math.abs(first / 50 - 1)).toBeLessThan(0.1);
  expect(Math.abs(second / 50_000 - 1)).toBeLessThan(0.1);
  tail.close();
});

test('an export that is sent again is a duplicate, and a part that is wrong is told', async () => {
  const { server } = await started();
  const post = async (records: readonly object[]) => {
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
    const headers = { 'content-type': 'application/json' };
    return (await server.ask('/otlp/v1/logs', { method: 'POST', headers, body })).json();
  };
  const timeUnixNano = `${Date.now()}000000`;
  const good = { timeUnixNano, body: { stringValue: 'good' } };
  expect(await post([good])).toEqual({});
  expect(await post([good])).toEqual({});
  const count = await server.askJson('/api/v1/intakes');
  expect(Object.values(count)).toContainEqual(
    expect.objectContaining({ name: 'otlp', accepted: 1 }),
  );
  const huge = { timeUnixNano, body: { stringValue: 'x'.repeat(1_100_000) } };
  expect(await post([good, huge])).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
});

test('without a token nothing is taken, and that is said', async () => {
  const { server } = await started();
  const post = (headers: Record<string, string>, body = '{}') =>
    fetch(`${server.url}/v1/metrics`, { method: 'POST', headers, body });
  const json = { 'content-type': 'application/json' };
  expect((await post(json)).status).toBe(401);
  const signed = { ...json, authorization: `Bearer ${server.token}` };
  expect((await post(signed)).status).toBe(200);
  const basic = `Basic ${Buffer.from(`any:${server.token}`).toString('base64')}`;
  expect((await post({ ...json, authorization: basic })).status).toBe(200);
  const wrong = await post(signed, '{"resourceMetrics":7}');
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: 3 }]);
  const text = await post({ ...signed, 'content-type': 'text/plain' });
  expect(text.status).toBe(415);
});
