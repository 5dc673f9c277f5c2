import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, runIntake } from './intake-server.suite.ts';

let at: Running;
beforeAll(async () => {
  at = await runIntake();
});
afterAll(() => at.close());

const types = [
  'application/json',
  'application/x-ndjson',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/json; charset=utf-8',
  'text/plain',
];
const good = Buffer.from(
  '[{"specversion":"1.0","id":"1","source":"/s","type":"a","data":{"a":[1,"\\u00e4"]}},{"type":"b","metric":1.5}]',
);

test('hostile bytes: every request gets an answer, what it counts is in the log, nothing is kept', async () => {
  const damaged = fc
    .array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 })
    .map((edits) => {
      const bytes = Buffer.from(good);
      for (const [place, byte] of edits) bytes[place % bytes.length] = byte;
      return bytes;
    });
  const body = fc.oneof(damaged, fc.uint8Array({ maxLength: 100 }));
  const packing = fc.constantFrom(undefined, undefined, 'gzip', 'deflate', 'br', 'identity');
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(...types), packing, async (bytes, type, encoding) => {
      const packed = encoding === undefined ? {} : { 'content-encoding': encoding };
      const { status, json } = await at.post(bytes, { 'content-type': type, ...packed });
      const answered = status === 200 || status === 207;
      if (answered) accepted += json.accepted;
      expect(answered || (isRefusal(status) && json.code.startsWith('TERR_'))).toBe(true);
      expect(at.intake.inFlight().bytes).toBe(0);
    }),
    { numRuns: 400 },
  );
  expect((await at.events()).length).toBe(accepted);
  expect(accepted).toBeGreaterThan(0);
});

const isRefusal = (status: number): boolean => status === 400 || status === 415;
