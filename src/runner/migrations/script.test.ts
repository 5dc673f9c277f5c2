import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forbiddenIn, isWithoutTransaction, placeOf, statementsOf } from './script.ts';

const texts = (sql: string, dialect: 'postgres' | 'sqlite' = 'postgres'): string[] =>
  statementsOf(sql, dialect).map(({ text }) => text);

describe('statements', () => {
  test.each([
    ['a; b', ['a', 'b']],
    ['select 1', ['select 1']],
    ['  ;; ; ', []],
    ["insert into t values ('a;b'';c'); x", ["insert into t values ('a;b'';c')", 'x']],
    ["select E'a\\';b'; x", ["select E'a\\';b'", 'x']],
    ['-- a; b\nselect 1; /* c; /* d; */ e; */ x', ['select 1', 'x']],
    ['select $$a;b$$; x', ['select $$a;b$$', 'x']],
    ['select $f$a;$$;b$f$; x', ['select $f$a;$$;b$f$', 'x']],
    ['select a$1; x', ['select a$1', 'x']],
    [
      'create rule r as on insert to t do also (a; b); x',
      ['create rule r as on insert to t do also (a; b)', 'x'],
    ],
    ['select "a;b"; x', ['select "a;b"', 'x']],
    [
      'create function f() returns int language sql begin atomic select case when a then 1 end; select 2; end; x',
      [
        'create function f() returns int language sql begin atomic select case when a then 1 end; select 2; end',
        'x',
      ],
    ],
    ["select 'open; x", ["select 'open; x"]],
  ])('of PostgreSQL: %j', (sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  test.each([
    ['select [a;b], `c;d`; x', ['select [a;b], `c;d`', 'x']],
    ['/* a /* ; */ select 1; x', ['select 1', 'x']],
    [
      'create temp trigger t after insert on a begin select case 1 when 1 then 2 end; delete from b; end; x',
      [
        'create temp trigger t after insert on a begin select case 1 when 1 then 2 end; delete from b; end',
        'x',
      ],
    ],
  ])('of SQLite: %j', (sql, expected) => {
    expect(texts(sql, 'sqlite')).toEqual(expected);
  });

  test('their places are where they are', () => {
    for (const { text, at } of statementsOf('select 1;\n  drop x ;y', 'sqlite'))
      expect('select 1;\n  drop x ;y'.slice(at, at + text.length)).toBe(text);
  });

  test('of anything, in order, without end', () => {
    const part = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      'BEGIN',
      ' ',
      'é',
      'END',
      '[',
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        fc.constantFrom('postgres' as const, 'sqlite' as const),
        (sql, dialect) => {
          let last = 0;
          for (const { text, at } of statementsOf(sql, dialect)) {
            expect(at).toBeGreaterThanOrEqual(last);
            expect(sql.startsWith(text, at)).toBe(true);
            last = at + text.length;
          }
        },
      ),
    );
  });
});

test('a place is a line and a column of characters', () => {
  expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
  expect(placeOf('ab\n😀d', 5)).toEqual({ line: 2, column: 2 });
});

test('without a transaction is what says so on a line of its own', () => {
  expect(isWithoutTransaction('-- territory: no transaction\nselect 1')).toBe(true);
  expect(isWithoutTransaction('select 1;\n  --territory: no-transaction\r\n')).toBe(true);
  expect(isWithoutTransaction('select 1 -- territory: no transaction, please')).toBe(false);
});

describe('forbidden', () => {
  test.each([
    ['create table a(); commit; drop table b', 'postgres', 'COMMIT'],
    ['begin', 'postgres', 'BEGIN'],
    ['start transaction', 'postgres', 'START'],
    ["prepare transaction 'x'", 'postgres', 'PREPARE'],
    ['end', 'sqlite', 'END'],
    ['select 1;\n.shell id', 'sqlite', '.shell'],
    ["select 'a''", 'sqlite', 'does not end'],
    ['select 1 /* a', 'sqlite', 'does not end'],
    ['create trigger t after insert on a begin delete from b;', 'sqlite', 'does not end'],
  ] as const)('%j in %s', (sql, dialect, word) => {
    expect(forbiddenIn(sql, dialect)?.why).toContain(word);
  });

  test.each([
    ['do $$ begin perform 1; end $$', 'postgres'],
    ['savepoint a; rollback to a', 'postgres'],
    ["select 'commit;' -- ; commit\n", 'postgres'],
    ['create trigger t after insert on a begin delete from b; end;', 'sqlite'],
    ['select 1\n.5', 'sqlite'],
    ["select 'a''b', [c], 4 / 2 /* d */ -- 'e", 'sqlite'],
  ] as const)('not %j in %s', (sql, dialect) => {
    expect(forbiddenIn(sql, dialect)).toBeUndefined();
  });
});
