import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoded, isRefused } from '../decoded.ts';
import { maxMessage, PickleStream, pointsIn } from './pickles.ts';

const captured = readFileSync(
  new URL('../../../test/vectors/wire/graphite-pickle-p2.bin', import.meta.url),
);

/** What Python prints for a program, as base64 lines. */
function python(program: string): Buffer[] {
  const { stdout, status, stderr } = spawnSync('python3', ['-c', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
// oxlint-disable-next-line no-console -- why tests are skipped
if (!hasPython) console.log('python3 is not installed: its pickles are not tried');

const points = `[
  ("a.b", (1795391907, 1.5)), ("a.c", (1795391907, 7)), ("größe ☃", (1795391907.5, -1)),
  ("big", (1795391907, 22747054080)), ("neg", (1795391907, -2**40)), ("text", ("1795391907", "2.5")),
  ("small", (1795391907, 300)), ("a.d;host=web1;x='y", (1795391907, 1e300)), ("no", (1795391907, None)),
  ("nan", (1795391907, float("nan"))), ("yes", (-1, True)), ["list", [1795391907, 70000]],
]`;

const expected = [
  { name: 'a.b', metric: 1.5, time: 1_795_391_907_000 },
  { name: 'a.c', metric: 7 },
  { name: 'größe ☃', metric: -1, time: 1_795_391_907_500 },
  { name: 'big', metric: 22_747_054_080 },
  { name: 'neg', metric: -(2 ** 40) },
  { name: 'text', metric: 2.5 },
  { name: 'small', metric: 300 },
  { name: 'a.d', host: 'web1', metric: 1e300, attributes: { x: "'y", 'metric.type': 'gauge' } },
  { name: 'yes', metric: 1 },
  { name: 'list', metric: 70_000 },
];

describe.skipIf(!hasPython)("Python's pickles", () => {
  test.each([0, 1, 2, 3, 4, 5])('of protocol %i', (protocol) => {
    const [pickle = Buffer.alloc(0)] = python(
      `import pickle,base64; print(base64.b64encode(pickle.dumps(${points}, ${protocol})).decode())`,
    );
    expect([...pointsIn(pickle)]).toMatchObject(expected);
  });

  test('by its other pickler, and with names as bytes', () => {
    for (const pickle of python(`import pickle,base64,io
for p in range(6):
  f = io.BytesIO(); pickle._Pickler(f, p).dump([("a", (1795391907, 1.5))] * 3)
  print(base64.b64encode(f.getvalue()).decode())
for p in (3, 4, 5):
  print(base64.b64encode(pickle.dumps([(b"a", (1795391907, 1.5))] * 3, p)).decode())`))
      expect([...pointsIn(pickle)]).toMatchObject(Array(3).fill({ name: 'a', metric: 1.5 }));
  });

  test('with many points', () => {
    const [pickle = Buffer.alloc(0)] = python(
      'import pickle,base64; print(base64.b64encode(pickle.dumps([("n%d" % (i % 50), (1795391907, i)) for i in range(5000)], 2)).decode())',
    );
    const decoded = [...pointsIn(pickle)];
    expect(decoded).toHaveLength(5_000);
    expect(decoded.at(-1)).toMatchObject({ name: 'n49', metric: 4_999 });
  });

  test('that would run something are refused', () => {
    for (const pickle of python(`import pickle,base64,os,datetime,decimal
class Evil:
  def __reduce__(self): return (os.system, ("touch /tmp/territory-was-here",))
for p in range(6):
  for evil in (Evil(), [("a", (1795391907, Evil()))], datetime.datetime.now(), [("a", (1, decimal.Decimal(1)))]):
    print(base64.b64encode(pickle.dumps(evil, p)).decode())`))
      expect([...pointsIn(pickle)]).toMatchObject([
        {
          refused: {
            code: 'TERR_INTAKE_DECODE',
            message: expect.stringMatching(/operation 0x.. is not taken/) as string,
          },
        },
      ]);
  });
});

const pickled = (text: string): Decoded[] => [...pointsIn(Buffer.from(text, 'latin1'))];

describe('a pickle', () => {
  test("of a Python 2 relay, with that one's texts", () => {
    expect(
      pickled(
        "(lp0\n(S'a\\x41\\xc3\\xa9\\'b'\np1\n(I1795391907\nL5L\ntp2\ntp3\na(Vc\\u00e9\np4\n(F1.5e9\nI01\nttp5\na.",
      ),
    ).toMatchObject([
      { name: "aAé'b", metric: 5 },
      { name: 'cé', metric: 1 },
    ]);
  });

  test.each([
    ['a call', "cos\nsystem\n(S'true'\ntR.", /operation 0x63/],
    ['an object of an extension', '\x82\x01.', /operation 0x82/],
    ['a persistent id', 'Pid\n.', /operation 0x50/],
    ['a dict', '}.', /operation 0x7d/],
    ['nothing', '', /breaks off/],
    ['no end', ']', /breaks off/],
    ['a stop without a value', '.', /nothing to take/],
    ['a text that is shorter than it says', 'X\xff\xff\xff\xffab.', /breaks off/],
    ['one that says 16 EiB', '\x8e\xff\xff\xff\xff\xff\xff\xff\xffab.', /breaks off/],
    ['no mark', 't.', /no mark/],
    ['what stands before the mark', ']((a.', /nothing to take/],
    ['no list to append to', 'K\x01K\x02a.', /no list/],
    ['something never remembered', 'h\x07.', /remembered/],
    ['a number that is none', 'Iabc\n.', /whole number/],
    ['a fraction that is none', 'Fabc\n.', /no number/],
    ['a text without quotes', 'Sabc\n.', /quotes/],
    ['a later protocol', '\x80\x09].', /protocol 9/],
    ['a text', 'X\x01\x00\x00\x00a.', /list of/],
    ['a list that holds itself', ']q\x00h\x00a\x8c\x10xxxxxxxxxxxxxxxx0.', /operation 0x30/],
    ['more points than bytes', `](${'K\x01'.repeat(5)}e.`, /more points/],
  ])('with %s', (_, text, reason) => {
    expect(pickled(text)).toMatchObject([
      {
        refused: {
          code: 'TERR_INTAKE_DECODE',
          message: expect.stringMatching(reason) as string,
        },
      },
    ]);
  });

  test('with a bad point keeps the good ones', () => {
    const good = '\x8c\x04nameK\x01K\x02\x86\x86';
    const decoded = pickled(`](${good}\x8c\x04noneK\x05${good}\x8c\x01aK\x01]\x86\x86e.`);
    expect(decoded).toMatchObject([
      { name: 'name' },
      { refused: { index: 1 } },
      { refused: { index: 2 } },
      { name: 'name' },
      { refused: { index: 4 } },
    ]);
  });

  test('may not use a long name again and again', () => {
    const name = 'n'.repeat(8_000);
    const text = `](X\x40\x1f\x00\x00${name}q\x00K\x01K\x02\x86\x86${'h\x00K\x01K\x02\x86\x86xxxx'.replaceAll('x', '').repeat(500)}e.`;
    const decoded = pickled(text);
    expect(decoded.length).toBeLessThan(30);
    expect(decoded.at(-1)).toMatchObject({ refused: { message: /same names/ } });
  });

  test('whatever it is: nothing is thrown, and it ends', () => {
    const opcodes =
      ']}()ltae.0012345678NKIJMGFLSVTUXBCpqrghj\x80\x85\x86\x87\x88\x89\x8a\x8c\x8d\x8e\x94\x95\x93\n';
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.constantFrom(...opcodes.split('')), fc.integer({ min: 0, max: 255 })),
          { maxLength: 60 },
        ),
        (codes) => {
          const bytes = Buffer.from(
            codes.map((code) => (typeof code === 'number' ? code : code.charCodeAt(0))),
          );
          expect([...pointsIn(bytes)].length).toBeLessThanOrEqual(bytes.length + 1);
        },
      ),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.nat(captured.length - 5), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(captured.subarray(4));
        bytes[at] = byte;
        expect([...pointsIn(bytes)].length).toBeLessThan(10);
      }),
    );
  });
});

describe('a connection', () => {
  test('brings what was captured, in any pieces', () => {
    const twice = Buffer.concat([captured, captured]);
    fc.assert(
      fc.property(fc.array(fc.nat(twice.length)), (cuts) => {
        const ends = [...cuts, twice.length].toSorted((a, b) => a - b);
        const stream = new PickleStream();
        const decoded = ends.flatMap((end, i) => [
          ...stream.data(twice.subarray(ends[i - 1] ?? 0, end)),
        ]);
        expect([...decoded, ...stream.end()]).toMatchObject([
          { name: 'a.b.c', metric: 1.5 },
          { name: 'a.b.d', host: 'web1', metric: 2 },
          { name: 'a.b.c' },
          { name: 'a.b.d' },
        ]);
      }),
    );
  });

  test('goes on after a message that is wrong', () => {
    const stream = new PickleStream();
    const wrong = Buffer.from('\0\0\0\x02}.', 'latin1');
    const decoded = [...stream.data(Buffer.concat([wrong, captured]))];
    expect(decoded.map((one) => isRefused(one))).toEqual([true, false, false]);
  });

  test('ends when a message is too long, and says when it breaks off', () => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(maxMessage + 1);
    expect(() => [...new PickleStream().data(length)]).toThrow(
      expect.objectContaining({ code: 'TERR_INTAKE_FRAME' }),
    );
    const stream = new PickleStream();
    expect([...stream.data(captured.subarray(0, 20))]).toEqual([]);
    expect([...stream.end()]).toMatchObject([{ refused: { code: 'TERR_INTAKE_FRAME' } }]);
  });
});
