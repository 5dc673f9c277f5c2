import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { has, listening, scratch } from '../syslog/sending.suite.ts';

test.skipIf(!has('curl', '--version'))(
  'curl, with Basic as Fluent Bit and Vector sign in, packed',
  async () => {
    const { server, line, intake } = await listening();
    const file = join(scratch(), 'lines.gz');
    const now = Date.now();
    writeFileSync(
      file,
      gzipSync(`{"date":${now / 1000},"log":"from a shipper","level":"warn"}\n{"broken":\n`),
    );
    const url = `${server.url}/api/v1/logs?service=shop`;
    const headers = ['-H', 'Content-Type: application/x-ndjson', '-H', 'Content-Encoding: gzip'];
    const sent = ['-sS', '-u', `x:${server.token}`, ...headers, '--data-binary', `@${file}`, url];
    const { stdout } = await promisify(execFile)('curl', sent);
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({ accepted: 1, duplicates: 0, refused: 1, errors: [{ line: 2 }] });
    expect(await line(/^from a shipper$/)).toMatchObject({
      type: 'log',
      time: now,
      service: 'shop',
      state: 'warning',
    });
    expect(await intake('logs')).toMatchObject({ accepted: 1, refused: 1 });
  },
);

test('statuses that make shippers throw away, and try again', async () => {
  const { server } = await listening();
  const statusOf = async (body: string, type: string, token = server.token) => {
    const headers = { 'content-type': type, authorization: `Bearer ${token}` };
    return (await fetch(`${server.url}/api/v1/logs`, { method: 'POST', body, headers })).status;
  };
  expect(await statusOf('not JSON', 'application/json')).toBe(400);
  expect(await statusOf('', 'application/json')).toBe(400);
  expect(await statusOf('\u0092', 'application/msgpack')).toBe(415);
  expect(await statusOf('{"msg":"m"}', 'application/json', 'none')).toBe(401);
  expect(await statusOf('[]', 'application/json')).toBe(200);
});
