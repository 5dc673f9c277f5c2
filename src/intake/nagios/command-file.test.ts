import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import fc from 'fast-check';
import type { Draft } from '../../event/event.ts';
import { type Decoded, isRefused, type Refused } from '../decoded.ts';
import type { PollerContext } from '../poller.ts';
import { commandFile } from './command-file.ts';
import { CommandLines } from './command-lines.ts';

let place: string;
let path: string;
let ending: AbortController;
let seen: Decoded[];
let troubles: Refused[];
let heard: () => void;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'territory-commands-'));
  path = join(place, 'nagios.cmd');
  ending = new AbortController();
  [seen, troubles] = [[], []];
});
afterEach(() => rmSync(place, { recursive: true }));

function start(): Promise<void> {
  const context: PollerContext = {
    settings: { commandFile: path },
    now: Date.now,
    host: 'here',
    directory: place,
    signal: ending.signal,
    notes: {
      get: () => undefined,
      list: () => [],
      set: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    deliver: (decoded) => {
      seen.push(...decoded);
      heard();
      return Promise.resolve({ accepted: 0, duplicates: 0, refused: 0, refusals: [] });
    },
    trouble: (_, refused) => {
      troubles.push(refused);
      heard();
    },
  };
  return commandFile.run(context);
}

/** Resolves when what was seen is so much. */
async function until(enough: () => boolean): Promise<void> {
  while (!enough()) await new Promise<void>((resolve) => (heard = resolve));
}

const line = (service: string) => `[1764115200] PROCESS_SERVICE_CHECK_RESULT;h;${service};0;fine`;
/** As a plugin's script does: `printf … >> file`. */
const print = (text: string): Promise<unknown> =>
  promisify(execFile)('sh', ['-c', 'printf "%s\n" "$1" >> "$2"', 'sh', text, path]);

describe('the command file', () => {
  test('is made as a named pipe, takes lines from many writers, and stays', async () => {
    heard = () => undefined;
    const running = start();
    // mkfifo makes it first, and then gives it its mode.
    const mode = () => (isPipe(path) ? statSync(path).mode & 0o777 : undefined);
    await vi.waitFor(() => expect(mode()).toBe(0o660));
    await print(line('one'));
    await print('[1] SHUTDOWN_PROGRAM\n');
    await print(line('two'));
    await until(() => seen.length >= 3);
    expect(seen.map((one) => (isRefused(one) ? one.refused.code : one.name))).toEqual([
      'one',
      'TERR_INTAKE_DECODE',
      'two',
    ]);
    ending.abort();
    await running;
    expect(isPipe(path)).toBe(true);
  });

  test('a plain file of that name is left alone and said', async () => {
    writeFileSync(path, 'mine');
    const running = start();
    await until(() => troubles.length > 0);
    ending.abort();
    await running;
    expect(troubles).toEqual([
      { code: 'TERR_INTAKE_SOURCE', message: expect.stringContaining('no named pipe') },
    ]);
  });
});

function isPipe(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFIFO() === true;
}

describe('lines', () => {
  const names = (decoded: Iterable<Decoded>) =>
    [...decoded].map((one) => (isRefused(one) ? one.refused.code : (one as Draft).name));

  test('come however they are cut, in UTF-8 or Latin-1', () => {
    const all = Buffer.concat([
      Buffer.from(`${line('größe')}\r\n\n`),
      Buffer.from(`${line('größe')}\n`, 'latin1'),
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: all.length }), (step) => {
        const lines = new CommandLines();
        const found: unknown[] = [];
        for (let at = 0; at < all.length; at += step)
          found.push(...names(lines.decode(all.subarray(at, at + step))));
        expect(found).toEqual(['größe', 'größe']);
      }),
    );
  });

  test('one that does not end is passed over up to its end', () => {
    const lines = new CommandLines();
    const found = names(lines.decode(Buffer.alloc(70_000, 'x')));
    found.push(...names(lines.decode(Buffer.alloc(70_000, 'x'))));
    found.push(...names(lines.decode(Buffer.from(`y\n${line('next')}\n`))));
    expect(found).toEqual(['TERR_INTAKE_FRAME', 'next']);
  });
});
