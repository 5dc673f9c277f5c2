import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LintOptions, lint } from './lint.ts';
import { readMap } from './map.ts';

const head = 'Old Url,New Url,Status\n';
const a = 'http://old.example.org';
const b = 'https://new.example.org';

/** `line:column rule severity message`, of the rows below the head. */
function found(rows: string, options?: LintOptions): string[] {
  const map = readMap(head + rows, 'map.csv');
  return [...map.findings, ...lint(map.rows, options)].map(
    ({ line, column, rule, severity, message }) =>
      `${line}:${column} ${rule} ${severity}: ${message}`,
  );
}

describe('reading', () => {
  test('columns are found by their names, in any order, with others beside them', () => {
    const { rows } = readMap(`status,to,note,from\n302,${b}/x,"a, b",${a}/y\n`, 'm');
    expect(rows).toMatchObject([{ old: `${a}/y`, to: `${b}/x`, status: 302, line: 2, oldAt: 38 }]);
  });

  test('without a status a row with a target is 301, one without is 410', () => {
    const { rows } = readMap(`old,new\n${a}/1,${b}/1\n${a}/2,\n`, 'm');
    expect(rows.map(({ status }) => status)).toEqual([301, 410]);
  });

  test('lines are counted through quoted fields with line ends, CRLF and a byte order mark', () => {
    const { rows, findings } = readMap(
      `\uFEFFOld Url,New Url,Status,Note\r\n${a}/1,${b},301,"two\r\nlines"\r\n\r\n${a}/2,${b},301,\r\n`,
      'm',
    );
    expect(findings).toEqual([]);
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
  });

  test('a map without its columns, a row without its fields, and what is no CSV are told', () => {
    expect(readMap('one,two\n', 'm').findings).toMatchObject([{ line: 1, rule: 'form' }]);
    expect(found(`${a}/1\n`)).toEqual(['2:1 form error: it has 1 of 3 columns']);
    expect(found(`"${a}/1,${b},301\n`)[0]).toMatch(/^2:1 form error: this is no CSV/);
  });
});

describe('a row', () => {
  test.each([
    ['www.example.org/x', b, '301', '2:1 form error: www.example.org/x is no whole address'],
    ['ftp://example.org/x', b, '301', '2:1 scheme error: ftp://example.org/x is neither http nor'],
    [`${a}/X`, b, '301', `2:1 canonical warning: ${a}/X is not canonical: ${a}/x`],
    [`${a}/x`, '', '301', '2:26 target error: a 301 needs an address to lead to'],
    [`${a}/x`, '/relative', '301', '2:26 target error: /relative is no whole address'],
    [`${a}/x`, b, '410', `2:26 target warning: a 410 leads nowhere, and there is ${b}`],
    [`${a}/x`, b, '999', '2:50 status error: the status is 301'],
    [`${a}/x`, b, 'moved', '2:50 status error: the status is 301'],
    [`${a}/http://b.example`, b, '301', '2:1 form warning: '],
  ])('%s,%s,%s', (old, to, status, finding) => {
    expect(found(`${old},${to},${status}\n`)).toEqual([expect.stringContaining(finding)]);
  });

  test.each(['http', 'https'])('with %s is right', (scheme) => {
    expect(found(`${scheme}://old.example.org/x?b=%2f,${b},301\n`)).toEqual([]);
  });

  test('is of the hosts that are named, and leads to those that are', () => {
    const options = { hosts: ['old.example.org'], targets: ['NEW.example.org'] };
    expect(found(`${a}/x,${b},301\n`, options)).toEqual([]);
    expect(found(`http://else.example/x,http://else.example,301\n`, options)).toEqual([
      '2:1 host error: else.example is not one of the hosts of this map',
      '2:23 target error: else.example is not one of the hosts to lead to',
    ]);
  });
});

describe('between rows', () => {
  test('a second one for the same page is told, with the line of the first', () => {
    expect(found(`${a}/x,${b},301\n${a}/x/,${b},301\n${a}/x#y,${b}/2,301\n`)).toEqual([
      `3:1 canonical warning: ${a}/x/ is not canonical: ${a}/x`,
      `3:1 duplicate warning: ${a}/x/ stands on line 2 already`,
      `4:1 canonical warning: ${a}/x#y is not canonical: ${a}/x`,
      `4:1 duplicate error: ${a}/x#y stands on line 2 already, and leads elsewhere there`,
    ]);
  });

  test('parameters that say nothing make the same page', () => {
    const rows = `${a}/x?id=1,${b},301\n${a}/x?id=1&utm=2,${b},301\n`;
    expect(found(rows)).toEqual([]);
    expect(found(rows, { significant: ['id'] })).toContain(
      `3:1 duplicate warning: ${a}/x?id=1&utm=2 stands on line 2 already`,
    );
  });

  test('a chain says where it ends, so that it can be made short', () => {
    expect(found(`${a}/1,${a}/2,301\n${a}/2,${a}/3,301\n${a}/3,${b},301\n`)).toEqual([
      `2:26 chain warning: 3 redirects in a row, by line 3: lead to ${b} at once`,
      `3:26 chain warning: 2 redirects in a row, by line 4: lead to ${b} at once`,
    ]);
  });

  test('who ends at a page that is gone is told', () => {
    expect(found(`${a}/1,${a}/2,301\n${a}/2,,410\n`)).toEqual([
      '2:26 ends-gone warning: it ends at line 3, which is 410',
      '2:26 chain warning: it leads into the map itself, to line 3',
    ]);
  });

  test('a loop is told for each that leads into it', () => {
    expect(found(`${a}/0,${a}/1,301\n${a}/1,${a}/2,301\n${a}/2,${a}/1,302\n`)).toEqual([
      `2:26 loop error: it leads into a loop at ${a}/1`,
      '3:26 loop error: it leads back to itself',
      '4:26 loop error: it leads back to itself',
    ]);
  });

  test('rows may stand in several files', () => {
    const [one, two] = ['1', '2'].map((n) =>
      readMap(`${head}${a}/${n},${a}/${Number(n) + 1},301\n`, `${n}.csv`),
    );
    expect(lint([...(one?.rows ?? []), ...(two?.rows ?? [])])).toMatchObject([
      { file: '1.csv', line: 2, rule: 'chain', message: expect.stringContaining('by 2.csv:2') },
    ]);
  });
});

test('loops are found exactly where following by hand comes back', () => {
  const maps = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(maps, (to) => {
      const text = to.map((next, i) => `${a}/p${i},${a}/p${next},301\n`).join('');
      const told = found(text).filter((one) => one.includes(' loop '));
      // Every page has a row, so that every way comes back somewhere.
      expect(told).toHaveLength(10);
      const home = to.flatMap((_, start) => {
        let at = to[start] ?? 0;
        for (let i = 0; i < 10 && at !== start; i++) at = to[at] ?? 0;
        return at === start ? [start + 2] : [];
      });
      const toldHome = told.filter((one) => one.endsWith('leads back to itself'));
      expect(toldHome.map((one) => Number(one.split(':')[0]))).toEqual(home);
    }),
  );
});
