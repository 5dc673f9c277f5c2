import { test, world } from 'territory/rules/test';

const week = 7 * 24;

function hours(drop: (hour: number) => number) {
  const w = world('./drop-against-last-week.ts');
  // The rhythm of a day: many at noon, few at night.
  for (let h = 0; h < 2 * week; h++) {
    const usual = 60 + 40 * Math.sin((h / 24) * 2 * Math.PI);
    w.at(`${h}h`, { name: 'signups', metric: usual * drop(h) });
  }
  w.advance('2h');
  return w.actions('alert').filter((one) => one.severity !== 'ok');
}

test('half of the sign-ups of last week alert', () => {
  const [alert] = hours((h) => (h >= week + 100 ? 0.4 : 1));
  if (alert?.rule !== 'signups-against-last-week') throw new Error('an alert expected');
});

test('night is night every week', () => {
  if (hours(() => 1).length > 0) throw new Error('no alert expected');
});
