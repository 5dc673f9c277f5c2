import type {
  Backtest,
  Episode,
  Glimpse,
  RuleResult,
  Source,
} from '../../rules/backtest/result.ts';
import { keyText } from '../../rules/engine/keys.ts';
import { sparkline } from '../sparkline.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { plural, printable, showTime } from '../words.ts';
import { differenceView } from './difference-view.ts';
import { lifeOf } from './life.ts';

const mostAlerts = 20;

/** A backtest for people: what was read, a line for each rule, its alerts, what is different. */
export function backtestView(result: Backtest, terminal: Terminal): string {
  const lines = [
    ...headline(result, terminal),
    ruleTable(result, terminal),
    ...firstAndLast(result, terminal),
    ...alertLines(result, terminal),
    ...problemLines(result),
    ...(result.against ? differenceView(result.against, terminal) : []),
  ];
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
}

function headline({ from, to, input }: Backtest, { style }: Terminal): string[] {
  const { events, facts, replaced, backfilled } = input;
  const parts = [plural(events, 'event'), `${facts.toLocaleString('en')} of them facts`];
  if (replaced > 0)
    parts.push(`without ${replaced.toLocaleString('en')} that these rules had emitted`);
  if (backfilled > 0)
    parts.push(`${backfilled.toLocaleString('en')} sent later and taken at their own time`);
  return [
    style('bold', `${showTime(from)} to ${showTime(to)}`),
    style('dim', parts.join(', ')),
    ...input.sources.flatMap((source) => sourceLine(source, from)),
    '',
  ];
}

function sourceLine({ stream, source, from, to, why }: Source, start: number): string[] {
  if (source === 'log') return [];
  const span = `${stream} from ${showTime(from)} to ${showTime(to)}`;
  if (source === 'history') return [`${span} come from history, in the order of their own time`];
  const when = to <= start ? ', before the time in question: windows may start empty' : '';
  return [`! ${span} are missing: ${why ?? 'they are not kept'}${when}`];
}

function ruleTable({ rules, from, to, every }: Backtest, terminal: Terminal): string {
  const width = Math.min(48, Math.max(12, terminal.width - 60));
  const number = { align: 'right' } as const;
  return textTable(
    [
      { head: 'rule' },
      { head: 'alert', ...number },
      { head: 'emit', ...number },
      { head: 'notify', ...number },
      { head: 'scale', ...number },
      { head: 'keys', ...number },
      { head: 'late', ...number },
      { head: 'course' },
    ],
    rules.map((rule) => {
      const { counts } = rule;
      const numbers = [
        counts.alert,
        counts.emit,
        counts.notify,
        counts.scale,
        rule.keys,
        rule.late,
      ];
      return [
        printable(rule.name),
        ...numbers.map((count) => count.toLocaleString('en')),
        course(rule, { from, to, every, width }),
      ];
    }),
    terminal.style,
  );
}

/** Decisions over the time. A time without any is a gap, so that a single one stands out. */
function course(
  { course: rows }: RuleResult,
  shown: {
    readonly from: number;
    readonly to: number;
    readonly every: number;
    readonly width: number;
  },
): string {
  const { from, to, width } = shown;
  const step = (to - from) / width;
  const sums: (number | null)[] = Array.from({ length: width }, () => null);
  for (const [start, ...counts] of rows) {
    const at = Math.min(width - 1, Math.max(0, Math.floor((start - from) / step)));
    sums[at] = (sums[at] ?? 0) + counts.reduce((sum, count) => sum + count, 0);
  }
  return rows.length === 0 ? 'nothing' : sparkline(sums, width);
}

function firstAndLast({ rules }: Backtest, { style }: Terminal): string[] {
  const line = (what: string, { at, title }: Glimpse): string =>
    `  ${what} ${showTime(at)}  ${printable(title)}`;
  return rules.flatMap(({ name, first, last }) => {
    if (!first || !last) return [];
    const both = first.at === last.at && first.title === last.title;
    const lines = both ? [line('only ', first)] : [line('first', first), line('last ', last)];
    return ['', style('bold', printable(name)), ...lines];
  });
}

function alertLines({ alerts, leftOut }: Backtest, { style }: Terminal): string[] {
  if (alerts.length === 0) return [];
  const more = alerts.length - mostAlerts + leftOut.alerts;
  return [
    '',
    style('bold', plural(alerts.length + leftOut.alerts, 'alert')),
    ...alerts.slice(0, mostAlerts).map((one) => `  ${episodeLine(one)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more; --json lists them`] : []),
  ];
}

function episodeLine({ rule, key, title, ...life }: Episode): string {
  return `${lifeOf(life)}  ${printable(`${rule} ${keyText(key)}: ${title}`)}`;
}

function problemLines({ problems, rules }: Backtest): string[] {
  const stopped = rules.filter((rule) => rule.stopped !== undefined);
  const lines = [
    ...problems.map(
      ({ rule, kind, at, message }) => `${rule} ${kind} at ${showTime(at)}: ${message}`,
    ),
    ...stopped.map(({ name, failed }) => `${name} was stopped after ${plural(failed, 'failure')}`),
  ];
  return lines.length === 0 ? [] : ['', ...lines.map((text) => `! ${printable(text)}`)];
}
