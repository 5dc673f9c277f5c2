import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Backtest, Compared, RuleResult } from '../../rules/backtest/result.ts';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Definitions } from '../kit/Definitions.tsx';
import { formatCount, formatDuration, formatNumber } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { BacktestChart } from './BacktestChart.tsx';
import { fixed } from './backtest-range.ts';
import type { BacktestSearch } from './backtest-search.ts';
import { Coverage } from './Coverage.tsx';
import { DifferenceTable } from './DifferenceTable.tsx';
import { VerdictList, verdictName } from './VerdictList.tsx';

interface BacktestResultProps {
  readonly result: Backtest;
  readonly tookMs: number;
  readonly search: BacktestSearch;
}

/** What the rules would have decided, beside what those that run now would have. */
export function BacktestResult({ result, tookMs, search }: BacktestResultProps): ReactNode {
  const navigate = useNavigate({ from: '/rules/backtest' });
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    top.current?.focus({ preventScroll: true });
    top.current?.scrollIntoView({ block: 'nearest' });
  }, [result]);
  return (
    <section
      ref={top}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- takes the focus when it comes
      tabIndex={-1}
      aria-label="Result"
      className="scroll-mt-2 focus:outline-none"
    >
      <Summary result={result} />
      <div className="flex flex-wrap items-center gap-x-4 border-b border-line px-3 py-1 text-small text-soft sm:px-5">
        <span>
          Took {formatDuration(Math.round(tookMs / 100) * 100)}. Nothing was sent or kept.
        </span>
        <CopyButton text={addressOf(result, search)} what="address" />
      </div>
      <Coverage input={result.input} />
      <Problems result={result} />
      <BacktestChart
        result={result}
        onZoom={(from, to) =>
          void navigate({ search: { ...search, ...definedOnly(fixed({ from, to })) } })
        }
      />
      <DifferenceTable result={result} />
      <Verdicts result={result} />
      <RuleCounts result={result} />
      <Definitions of={definitions} />
    </section>
  );
}

/** Zooming takes out what `fixed` leaves undefined. */
function definedOnly(change: Readonly<Record<string, string | undefined>>): BacktestSearch {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** The address that asks for exactly this again: with the range as it was, whatever the time is then. */
function addressOf(result: Backtest, search: BacktestSearch): string {
  const { last: _last, alert: _alert, ...rest } = search;
  const kept = { ...rest, ...definedOnly(fixed(result)) };
  return `${location.origin}/rules/backtest?${new URLSearchParams(kept).toString()}`;
}

function Summary({ result }: { readonly result: Backtest }): ReactNode {
  const { against } = result;
  const alerts = result.alerts.length + result.leftOut.alerts;
  const figures = [
    [
      'Alerts, candidate',
      formatCount(alerts),
      against
        ? `live: ${formatCount(against.alerts.length + against.leftOut.alerts)}`
        : 'would have been open',
    ],
    ...(against
      ? ([
          [
            'Decisions, the same',
            formatCount(against.difference.same),
            'both made at the same time',
          ],
          [
            'Only candidate',
            formatCount(against.difference.onlyCandidate),
            'decisions that are new',
          ],
          ['Only live', formatCount(against.difference.onlyLive), 'decisions that would be gone'],
        ] as const)
      : ([
          ['Emitted', formatCount(emittedBy(result.rules)), 'events back to the log'],
          ['Told', formatCount(toldBy(result.rules)), 'notify and scale'],
        ] as const)),
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px border-b border-line bg-line lg:grid-cols-4">
      {figures.map(([name, value, note]) => (
        <div key={name} className="bg-page px-3 py-2 sm:px-5">
          <dt className="label">{name}</dt>
          <dd className="text-figure font-semibold">{value}</dd>
          <dd className="text-small text-soft">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

const emittedBy = (rules: readonly RuleResult[]): number =>
  rules.reduce((sum, { counts }) => sum + counts.emit, 0);
const toldBy = (rules: readonly RuleResult[]): number =>
  rules.reduce((sum, { counts }) => sum + counts.notify + counts.scale, 0);

function Problems({ result }: { readonly result: Backtest }): ReactNode {
  const stopped = result.rules.filter((rule) => rule.stopped !== undefined);
  return (
    <>
      {stopped.map((rule) => (
        <Notice key={rule.name} look="critical">
          <strong className="font-semibold">{rule.name} was stopped:</strong> {rule.stopped}
        </Notice>
      ))}
      {result.problems
        .filter((problem) => problem.kind !== 'stopped')
        .slice(0, 10)
        .map((problem) => (
          <Notice key={`${problem.rule} ${problem.at} ${problem.message}`} look="warning">
            <strong className="font-semibold">{problem.rule}</strong> {problem.kind}:{' '}
            {problem.message}
          </Notice>
        ))}
    </>
  );
}

/** What `moved` would have judged of the changes of that time, also where it raised no alert. */
function Verdicts({ result }: { readonly result: Backtest }): ReactNode {
  const events = result.emitted.filter(({ name }) => name === verdictName);
  if (events.length === 0) return null;
  return (
    <section aria-label="Verdicts of the candidate" className="px-3 pb-4 sm:px-5">
      <h2 className="mb-1 text-lead font-semibold">Verdicts</h2>
      <VerdictList events={events.slice(0, keysAtMost)} />
    </section>
  );
}

const ruleColumns: readonly Column<RuleResult>[] = [
  { head: 'Rule', cell: (r) => <strong className="font-semibold">{r.name}</strong> },
  { head: 'Alert', isNumber: true, cell: (r) => formatCount(r.counts.alert) },
  { head: 'Emit', isNumber: true, cell: (r) => formatCount(r.counts.emit) },
  { head: 'Notify', isNumber: true, cell: (r) => formatCount(r.counts.notify) },
  { head: 'Scale', isNumber: true, cell: (r) => formatCount(r.counts.scale) },
  { head: 'Events', isNumber: true, cell: (r) => formatNumber(r.events) },
  { head: 'Keys', isNumber: true, cell: (r) => formatNumber(r.keys) },
  { head: 'Late', isNumber: true, cell: (r) => formatCount(r.late) },
  { head: 'Errors', isNumber: true, cell: (r) => formatCount(r.failed) },
];

const keyColumns: readonly Column<Compared>[] = [
  { head: 'Rule', cell: (c) => c.rule },
  { head: 'Key', cell: (c) => <span className="font-mono text-small wrap-anywhere">{c.key}</span> },
  { head: 'Same', isNumber: true, cell: (c) => formatCount(c.same) },
  { head: 'Only candidate', isNumber: true, cell: (c) => formatCount(c.onlyCandidate) },
  { head: 'Only live', isNumber: true, cell: (c) => formatCount(c.onlyLive) },
];
const keysAtMost = 50;

function RuleCounts({ result }: { readonly result: Backtest }): ReactNode {
  const keys = result.against?.difference.keys ?? [];
  return (
    <div className="grid gap-x-8 gap-y-4 px-3 pb-4 sm:px-5 xl:grid-cols-2">
      <section aria-label="Decisions by rule" className="min-w-0">
        <h2 className="mb-1 text-lead font-semibold">By rule</h2>
        <Table
          label="Decisions by rule"
          columns={ruleColumns}
          rows={result.rules}
          keyOf={(r) => r.name}
          none="No rule ran."
        />
      </section>
      {keys.length > 0 && (
        <section aria-label="Decisions by key" className="min-w-0">
          <h2 className="mb-1 text-lead font-semibold">By key</h2>
          <Table
            label="Decisions by key"
            columns={keyColumns}
            rows={keys.slice(0, keysAtMost)}
            keyOf={(c) => `${c.rule} ${c.key}`}
            none=""
          />
          {keys.length > keysAtMost && (
            <p className="text-small text-faint">
              The first {keysAtMost} of {formatCount(keys.length)}; those that differ stand first.
            </p>
          )}
        </section>
      )}
    </div>
  );
}

const definitions = [
  ['Candidate', 'The rules above, as they are in the editor or in the file.'],
  [
    'Live',
    'The rules that run now, over the same events. Not what was really sent then: rules may have changed since.',
  ],
  [
    'Same',
    'Decisions of the same kind, rule, key and time that say the same. The words of an alert do not matter, its severity does.',
  ],
  [
    'Alert',
    'One rule and key from when it is raised until it is over. Silences, grouping and people are not in it.',
  ],
  ['Differs', 'Both sides raise the alert, but from when, until when or how bad is not the same.'],
  [
    'Gap',
    'A time of which no events are kept. Nothing is known of it, which is not the same as nothing having happened.',
  ],
] as const;
