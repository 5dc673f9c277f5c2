import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Entry } from './calendar.ts';
import { at, day, hour } from './gates.suite.ts';
import { icsOf } from './ics.ts';

/** Debian's interpreter: python3-icalendar is there for that one. */
const python = '/usr/bin/python3';

function hasParser(): boolean {
  try {
    if (!existsSync(python)) return false;
    execFileSync(python, ['-c', 'import icalendar'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const parser = hasParser();
// oxlint-disable-next-line no-console -- a skipped test says why
if (!parser) console.log('python3-icalendar is not installed: its test of the calendar is skipped');

const script = `
import sys, json, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
ms = lambda one: None if one is None else int(one.dt.timestamp() * 1000)
print(json.dumps([
  {"uid": str(e["UID"]), "from": ms(e["DTSTART"]), "to": ms(e.get("DTEND")),
   "title": str(e["SUMMARY"]), "text": str(e.get("DESCRIPTION", "")), "errors": len(e.errors)}
  for e in calendar.walk("VEVENT")]))
`;

const noon = at('2026-05-06T12:00:00Z');
const plain = { kind: 'freeze', from: noon, title: 'Freeze', text: '', changed: noon } as const;

test.skipIf(!parser)('another’s parser reads what we wrote', () => {
  const entries: readonly Entry[] = [
    { ...plain, uid: 'a', to: noon + day },
    { ...plain, uid: 'b', title: 'a, b; c \\ d: "e"', text: 'one\ntwo\nthree' },
    { ...plain, uid: 'c', title: `${'ü'.repeat(100)} 🦡 ${'漢'.repeat(100)}`, to: noon + hour },
    { ...plain, uid: 'd', text: 'x'.repeat(2_000), to: noon + 400 * day },
  ];
  const input = icsOf(entries, { host: 'territory.example' });
  const read: unknown = JSON.parse(
    execFileSync(python, ['-c', script], { input, encoding: 'utf8', env: { PYTHONUTF8: '1' } }),
  );
  expect(read).toEqual(
    entries.map(({ uid, from, to = null, title, text }) => {
      return { uid: `${uid}@territory.example`, from, to, title, text, errors: 0 };
    }),
  );
});
