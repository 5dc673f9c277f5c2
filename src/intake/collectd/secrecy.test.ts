import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRefused } from '../decoded.ts';
import { open } from './opened.suite.ts';
import { encrypted, part, signed } from './packets.suite.ts';

const parts = Buffer.concat([part.plugin('users'), part.type('users'), part.values(['g', 3])]);
const authFile = join(mkdtempSync(join(tmpdir(), 'territory-auth-')), 'auth');
writeFileSync(authFile, '# users\nada: s3cret:word \n\nbob:x\n');

const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const right = signed('ada', 's3cret:word', parts);
const hidden = encrypted('ada', 's3cret:word', parts);

describe('what each securityLevel takes', () => {
  test.each<readonly [what: string, bytes: Buffer, takenAt: readonly string[]]>([
    ['plain', parts, ['none']],
    ['signed', right, ['none', 'sign']],
    ['encrypted', hidden, ['none', 'sign', 'encrypt']],
    ['signed by somebody unknown', signed('eve', 'x', parts), []],
    ['signed with another password', signed('ada', 'x', parts), []],
    ['signed, and changed then', changed(right, right.length - 1), []],
    ['encrypted by somebody unknown', encrypted('eve', 'x', parts), []],
    ['encrypted with another password', encrypted('ada', 'x', parts), []],
    ['encrypted, and changed then', changed(hidden, hidden.length - 1), []],
    ['a signature that ends early', right.subarray(0, 30), []],
    ['a signature without a user', Buffer.from(`02000024${'00'.repeat(32)}`, 'hex'), []],
    ['an encrypted part that ends early', Buffer.from('0210000a0004616461', 'hex'), []],
    ['a user beyond the encrypted part', Buffer.from('02100008ffff6161', 'hex'), []],
  ])('%s', (_, bytes, takenAt) => {
    const outcomes = ['none', 'sign', 'encrypt'].map((securityLevel) => {
      const [first, ...more] = open({ authFile, securityLevel }).decode(bytes);
      expect(more).toEqual([]);
      return first !== undefined && isRefused(first) ? first.refused.code : securityLevel;
    });
    const taken = outcomes.filter((one) => !/^TERR_INTAKE_(SIGNATURE|DECODE)$/.test(one));
    expect(taken).toEqual(takenAt);
  });

  test('plain parts beside encrypted ones are left out, with one word about them', () => {
    const { events, refusals } = open({ authFile, securityLevel: 'encrypt' });
    expect(events(parts, hidden)).toHaveLength(1);
    expect(refusals(parts, hidden)).toMatchObject([
      { code: 'TERR_INTAKE_SIGNATURE', message: expect.stringContaining('it is not encrypted') },
    ]);
  });
});

test('without an AuthFile signed packets are taken unseen, encrypted ones can not be', () => {
  const { decode } = open();
  expect(decode(right)).toMatchObject([{ name: 'users' }]);
  expect(decode(hidden)).toMatchObject([{ refused: { code: 'TERR_INTAKE_SIGNATURE' } }]);
});

test('a level without users, and a file that is not there, are told at the start', () => {
  const source = expect.objectContaining({ code: 'TERR_INTAKE_SOURCE' });
  expect(() => open({ securityLevel: 'sign' })).toThrow(source);
  expect(() => open({ authFile: `${authFile}.none` })).toThrow(source);
});

test('users that are added later', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-auth-')), 'auth');
  writeFileSync(file, 'ada: a\n');
  const { decode, later } = open({ authFile: file });
  const byEve = signed('eve', 'x', parts);
  expect(decode(byEve)).toMatchObject([{ refused: {} }]);
  writeFileSync(file, 'ada: a\neve: x\n');
  utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  later(5_000);
  expect(decode(byEve)).toMatchObject([{ name: 'users' }]);
});
