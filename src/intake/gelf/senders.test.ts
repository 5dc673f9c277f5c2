import { createRequire } from 'node:module';
import { connect } from 'node:net';
import type { Logger } from 'gelf-pro';
import { expect, test } from 'vitest';
import { listening } from '../syslog/sending.suite.ts';

test.each([
  ['one datagram', 'short', {}],
  ['one datagram, gzip', 'short', { adapterOptions: { compression: 'gzip' } }],
  ['many chunks, deflate', 'long', { adapterOptions: { compression: 'deflate' } }],
  ['TCP', 'long', { adapterName: 'tcp' as const }],
])('gelf-pro: %s', async (_, length, how) => {
  const { line, portOf, intake } = await listening();
  // Its types are a module declaration that knows no default export; one logger for each test.
  const require = createRequire(import.meta.url);
  const client = Object.create(require('gelf-pro') as Logger) as Logger;
  const text =
    length === 'short'
      ? ''
      : Array.from({ length: 5_000 }, (__, i) => (i * 7919) % 1_000_003).join(' ');
  const options = {
    host: '127.0.0.1',
    port: portOf('gelf'),
    ...('adapterOptions' in how ? how.adapterOptions : {}),
  };
  client.setConfig({
    fields: { service: 'shop', environment: 'prod' },
    adapterName: 'udp',
    ...how,
    adapterOptions: options as never,
  });
  await new Promise<void>((resolve, reject) => {
    client.message(`order is late ${text}`, 3, { order_id: 17 }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const event = await line(/^order is late/);
  expect(event).toMatchObject({
    type: 'log',
    source: '/gelf/127.0.0.1',
    service: 'shop',
    environment: 'prod',
    state: 'critical',
    attributes: { order_id: '17', severity: 'err' },
  });
  expect(String(event.data)).toHaveLength(`order is late ${text}`.length);
  expect(await intake('gelf')).toMatchObject({ refused: 0 });
});

test('a stream as Fluent Bit and Logback send it, and one bad message beside', async () => {
  const { line, portOf, intake } = await listening();
  const socket = connect(portOf('gelf'), '127.0.0.1');
  socket.end('{"version":"1.1","host":"web-1","short_message":"by TCP","level":6}\0not JSON\0');
  expect(await line(/^by TCP$/)).toMatchObject({ host: 'web-1', state: 'ok' });
  await expect.poll(async () => (await intake('gelf'))?.refused, { timeout: 20_000 }).toBe(1);
});
