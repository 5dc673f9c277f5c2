import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { decodePush } from './push.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const seconds = '1700000000';
const record = (...fields: readonly string[]): string => fields.map((one) => `${one}\0`).join('');
const begin = record(
  'push',
  '1',
  'git@git.example.org:acme/shop.git',
  '/srv/shop.git',
  'shop',
  seconds,
  '',
);
const person = ['Zoë', 'zoe@example.org'];
const refs = 'HEAD -> refs/heads/main, tag: refs/tags/v1';
const times = [seconds, ...person, seconds, ...person];
const words = ['Cart (#12)', 'Body\n', 'Card: ABC-1\n'];
const commit = record('commit', b, a, ...times, 'x', refs, ...words);
const tag = record('tag', 'v1', b, 'commit', '', '', seconds, '', 'Cart (#12)');
const whole = [
  begin,
  record('ref', 'refs/heads/main', a, b, '', '1000'),
  `${commit}\n`,
  record('ref', 'refs/tags/v1', '', b, '', '999'),
  `${tag}\n`,
  record('ref', 'refs/heads/old', a, '', '', '999'),
  record('end'),
].join('');

const decode = (text: string): Decoded[] => [...decodePush(text)];

describe('what the hook sends', () => {
  test('becomes facts, ref by ref', () => {
    expect(decode(whole)).toMatchObject([
      {
        id: `commit/${b}`,
        time: 1_700_000_000_000,
        source: 'ssh://git.example.org/acme/shop.git',
        service: 'shop',
        attributes: { 'vcs.change.id': '12', 'card.id': 'ABC-1', 'vcs.ref.head.name': 'main' },
        data: { parents: [a], refs: ['refs/heads/main', 'refs/tags/v1'], author: { name: 'Zoë' } },
      },
      { id: `branch-updated/main@${a}..${b}`, data: { commits: 1, forced: false } },
      { id: `tag/v1@${b}` },
      { id: `branch-deleted/old@${a}` },
    ]);
  });

  test('without an address has that of its directory', () => {
    const bare = record('push', '1', '', '/srv/shop.git', '', seconds, '1');
    const [fact] = decode(`${bare}${commit}${record('end')}`);
    expect(fact).toMatchObject({
      source: 'file:///srv/shop.git',
      data: { author: { email: 'zoe@example.org' } },
    });
  });

  test('cut off anywhere tells what came whole, and that it is cut off', () => {
    for (let length = begin.length; length < whole.length - 4; length += 7) {
      const decoded = decode(whole.slice(0, length));
      expect(decoded.at(-1)).toMatchObject({ refused: { message: /cut off/ } });
    }
  });

  test.each([
    ['hello\0', /no push of Territory’s hook/],
    [commit, /does not say its repository/],
    [begin.replace('push\u00001', 'push\u00002'), /version 2/],
  ])('%j is refused whole', (text, message) => {
    expect(() => decode(text)).toThrow(message);
    expect(() => decode(text)).toThrow(CodedError);
  });

  test('whatever comes, only coded errors are thrown, and facts are events', () => {
    const field = fc.oneof(
      fc.constantFrom(
        'push',
        'ref',
        'commit',
        'tag',
        'end',
        '1',
        a,
        b,
        '',
        'refs/heads/x',
        seconds,
      ),
      fc.string({ maxLength: 30 }),
    );
    const mutated = fc
      .tuple(fc.nat(whole.length), fc.string({ maxLength: 5 }))
      .map(([at, text]) => whole.slice(0, at) + text + whole.slice(at + text.length));
    const any = fc.oneof(
      mutated,
      fc.array(field).map((all) => begin + record(...all)),
      fc.string(),
    );
    fc.assert(
      fc.property(any, (text) => {
        expect(failureOf(text)).toSatisfy(isCoded);
      }),
    );
  });
});

function failureOf(text: string): unknown {
  try {
    for (const one of decodePush(text))
      if (!isRefused(one)) checkDraft(one, defaultLimits, Date.now());
    return undefined;
  } catch (error) {
    return error;
  }
}

const isCoded = (error: unknown): boolean => error === undefined || error instanceof CodedError;
