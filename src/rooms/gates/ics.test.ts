import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarOf } from './calendar.ts';
import { GatesPlay, at, day, hour } from './gates.suite.ts';
import { icsOf } from './ics.ts';

const noon = at('2026-05-06T12:00:00Z');

/** What may not stand in TEXT. */
// oxlint-disable-next-line no-control-regex -- these are meant
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

function played(): GatesPlay {
  const play = new GatesPlay(noon);
  const scope = { environment: 'production' };
  const text = { schedule: 'Mon-Thu 09:30-17:00', zone: 'Europe/London' };
  play.give({ kind: 'window', scope, opens: 'allow', ...text });
  play.give({
    kind: 'window',
    scope: {},
    opens: 'deny',
    schedule: 'daily 00:00-24:00',
    zone: 'UTC',
  });
  play.give({
    kind: 'freeze',
    scope,
    reason: 'sale, big; really',
    from: noon + day,
    until: noon + 2 * day,
  });
  play.give({ kind: 'freeze', scope, reason: 'no end' });
  play.give({ kind: 'lock', scope, reason: 'moving' });
  play.give({ kind: 'block', scope: { app: 'shop' }, reason: 'no end, no date' });
  play.give({ kind: 'block', scope: { app: 'shop' }, reason: 'bad', safe: '1', until: noon + day });
  return play;
}

const deploy = {
  key: 'abc',
  app: 'shop',
  environment: 'production',
  version: '1.4.2',
  state: 'succeeded',
  started: noon - hour,
  at: noon - hour + 90_000,
  actor: 'ci',
  reason: undefined,
};

test('what is in the calendar, by its start; its names do not change with the range', () => {
  const { state } = played();
  const range = { from: noon - 2 * day, to: noon + 2 * day };
  const { entries, cut } = calendarOf(state, [deploy], range);
  expect(cut).toBe(0);
  const shown = entries.map(({ kind, from, to, title }) => [
    kind,
    new Date(from).toISOString().slice(5, 16),
    to === undefined ? undefined : new Date(to).toISOString().slice(5, 16),
    title,
  ]);
  expect(shown).toEqual(
    [
      ['deploy', '05-06T11:00', '05-06T11:01', 'shop 1.4.2 to production: succeeded'],
      ['block', '05-06T12:00', '05-07T12:00', 'Blocked: shop@all'],
      ['freeze', '05-06T12:00', undefined, 'Freeze: production'],
      ['lock', '05-06T12:00', '05-06T13:00', 'Lock: production (ann)'],
      ['deny', '05-06T12:00', undefined, 'No deploys: all'],
      ['allow', '05-06T12:00', '05-06T16:00', 'Deploys: production'],
      ['allow', '05-07T08:30', '05-07T16:00', 'Deploys: production'],
      ['freeze', '05-07T12:00', '05-08T12:00', 'Freeze: production'],
    ].toSorted((a, b) => String(a[1]).localeCompare(String(b[1]))),
  );
  const names = new Set(entries.map(({ uid }) => uid));
  expect(names.size).toBe(entries.length);
  const moved = calendarOf(state, [deploy], { from: range.from + hour, to: range.to + hour });
  for (const { uid } of moved.entries) expect(names).toContain(uid);
});

test('a removed window leaves the calendar from then on', () => {
  const play = played();
  const [first] = play.state.windows.keys();
  play.now = noon + hour;
  play.give({ kind: 'remove-window', id: first ?? '' });
  const { entries } = calendarOf(play.state, [], { from: noon - day, to: noon + 9 * day });
  expect(entries.filter(({ kind }) => kind === 'allow')).toMatchObject([
    { from: noon, to: noon + hour },
  ]);
});

test('iCalendar: escaped, folded, in UTC, the same bytes again', () => {
  const { entries } = calendarOf(played().state, [deploy], {
    from: noon - day,
    to: noon + 2 * day,
  });
  const text = icsOf(entries, { host: 'territory.example' });
  expect(text).toBe(icsOf(entries, { host: 'territory.example' }));
  const lines = text.split('\r\n');
  expect(lines[0]).toBe('BEGIN:VCALENDAR');
  expect(lines.slice(-2)).toEqual(['END:VCALENDAR', '']);
  expect(text).toContain('DESCRIPTION:sale\\, big\\; really\\ndeclared by ann\r\n');
  expect(text).toContain('UID:deploy-abc@territory.example\r\n');
  expect(text).toContain('DTSTART:20260506T110000Z\r\nDTEND:20260506T110130Z\r\n');
});

test('whatever stands in it: lines of 75 octets at most, and the text comes back', () => {
  const words = fc.string({ unit: 'binary', maxLength: 120 });
  fc.assert(
    fc.property(words, words, (title, text) => {
      const entry = { uid: 'x', kind: 'lock', from: noon, title, text, changed: noon } as const;
      const written = icsOf([entry], { host: 'h' });
      const lines = written.split('\r\n');
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
      expect(/[\n\r]/.test(lines.join(''))).toBe(false);
      const plain = written.replaceAll('\r\n ', '');
      const [, summary = ''] = /\r\nSUMMARY:(.*)\r\n/.exec(plain) ?? [];
      const back = summary.replaceAll(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c));
      const kept = title.replaceAll(/\r\n?/g, '\n').replaceAll(controls, '');
      expect(back).toBe(kept);
    }),
  );
});

test('a freeze without an end is in every time after its start; a window that opens each hour is cut', () => {
  const play = played();
  const later = { from: noon + 90 * day, to: noon + 91 * day };
  const freezes = calendarOf(play.state, [], later).entries.filter(({ kind }) => kind === 'freeze');
  expect(freezes).toMatchObject([{ text: 'no end\ndeclared by ann\nuntil it is ended' }]);
  const often = { schedule: '0 * * * * for 10m', zone: 'UTC' };
  play.give({ kind: 'window', scope: { app: 'often' }, opens: 'deny', ...often });
  const { entries, cut } = calendarOf(play.state, [], { from: noon, to: noon + 20 * day });
  expect(entries.filter(({ app }) => app === 'often')).toHaveLength(400);
  expect(cut).toBe(20 * 24 - 400);
});

test('a window that is open for weeks has its own start, wherever one looks', () => {
  const play = new GatesPlay(at('2026-01-01T00:00Z'));
  const text = { schedule: '0 0 1 5 * for 31d', zone: 'UTC' };
  play.give({ kind: 'window', scope: {}, opens: 'deny', ...text });
  const [from, to] = [at('2026-05-01T00:00Z'), at('2026-06-01T00:00Z')];
  for (const look of [from - day, noon, to - hour]) {
    const { entries } = calendarOf(play.state, [], { from: look, to: look + 2 * day });
    expect(entries).toMatchObject([
      { from, to, uid: expect.stringMatching(`-${from}$`) as string },
    ]);
  }
});
