import type { ReactNode } from 'react';
import type { Itself } from '../../server/api/contract.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from '../kit/format.ts';
import { Meter } from '../kit/Meter.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { Facts, Section } from './Section.tsx';

type Of<K extends keyof Itself> = Itself[K] extends readonly (infer T)[] ? T : never;
interface PartProps {
  readonly itself: Itself;
}
const none = <span className="text-faint">none</span>;

const intakeColumns: readonly Column<Of<'intakes'>>[] = [
  { head: 'Protocol', cell: (i) => i.protocol },
  { head: 'Accepted', isNumber: true, cell: (i) => formatCount(i.accepted) },
  {
    head: 'Duplicates',
    means: 'Dropped, because their source and id were taken before',
    isNumber: true,
    cell: (i) => formatCount(i.duplicates),
  },
  { head: 'Refused', isNumber: true, cell: (i) => formatCount(i.refused) },
];
const reasonColumns: readonly Column<readonly [string, number]>[] = [
  {
    head: 'Refused because of',
    cell: ([code]) => (
      <a href={`/docs/errors#${code}`} className="font-mono text-small text-accent underline">
        {code}
      </a>
    ),
  },
  { head: 'Events', isNumber: true, cell: ([, count]) => formatCount(count) },
];

/** What came in, by protocol, and why some of it was refused. */
export function IntakePart({ itself }: PartProps): ReactNode {
  const reasons = new Map<string, number>();
  for (const intake of itself.intakes)
    for (const [code, count] of Object.entries(intake.refusedBy))
      reasons.set(code, (reasons.get(code) ?? 0) + count);
  const sorted = [...reasons].sort(([, a], [, b]) => b - a);
  return (
    <Section title="Intake" means="Events since the start. Accepted means durable in the log.">
      <Table
        label="Intakes"
        columns={intakeColumns}
        rows={itself.intakes}
        keyOf={(i) => i.protocol}
        none="No intake is running."
      />
      {sorted.length > 0 && (
        <div className="mt-3">
          <Table
            label="Reasons of refusal"
            columns={reasonColumns}
            rows={sorted}
            keyOf={([code]) => code}
            none=""
          />
        </div>
      )}
    </Section>
  );
}

const streamColumns: readonly Column<Of<'streams'>>[] = [
  { head: 'Stream', cell: (s) => s.stream },
  {
    head: 'Offsets',
    means: 'The first that is still kept, and the last',
    isNumber: true,
    cell: (s) => (s.next > s.first ? `${formatCount(s.first)} – ${formatCount(s.next - 1)}` : none),
  },
  { head: 'Size', isNumber: true, cell: (s) => formatBytes(s.bytes) },
  {
    head: 'Oldest',
    isNumber: true,
    cell: (s) => (s.oldest === null ? none : <AgeText at={s.oldest} />),
  },
  {
    head: 'Not in history',
    means: 'Events that history does not have yet, and how old the oldest of them is',
    isNumber: true,
    cell: (s) =>
      s.historyLagEvents === 0
        ? none
        : s.historyLagEvents === null || s.historyLagMs === null
          ? 'not known yet'
          : `${formatNumber(s.historyLagEvents)}, ${formatDuration(s.historyLagMs)}`,
  },
];

/** The two streams of the log, and who follows them. */
export function LogPart({ itself }: PartProps): ReactNode {
  const { tail } = itself;
  return (
    <Section
      title="Log"
      means="The durable order of events. Facts are kept for ever, readings for days."
    >
      <Table
        label="Streams"
        columns={streamColumns}
        rows={itself.streams}
        keyOf={(s) => s.stream}
        none="No stream is open."
      />
      <h3 className="mt-4 mb-1 font-semibold">Live tail</h3>
      <Facts
        of={[
          ['Open now', `${formatCount(tail.clients)} of at most ${formatCount(tail.maxClients)}`],
          ['Events sent', formatCount(tail.sent)],
          ['Left out by sampling', formatCount(tail.skipped)],
        ]}
      />
    </Section>
  );
}

const slowColumns: readonly Column<Itself['history']['slow'][number]>[] = [
  {
    head: 'Slowest queries',
    cell: ({ what }) => (
      <details>
        <summary className="cursor-pointer font-mono text-small">{telling(what)}</summary>
        <code className="wrap-anywhere font-mono text-small">{what}</code>
      </details>
    ),
  },
  { head: 'Took', isNumber: true, cell: (q) => formatDuration(q.ms) },
  { head: 'At', isNumber: true, cell: (q) => <TimeText at={q.at} /> },
];

/** The part of a query that differs from the others: what it reads, and where. */
function telling(sql: string): string {
  const from = sql.slice(Math.max(0, sql.indexOf('FROM ')));
  return from.length > 60 ? `${from.slice(0, 60)}…` : from;
}

const historyWords = { running: 'ok', restarting: 'warning', stopped: 'critical' } as const;

/** What history holds and how it does. */
export function HistoryPart({ itself }: PartProps): ReactNode {
  const { history } = itself;
  return (
    <Section
      title="History"
      means="The same events in columns, to be asked over time. It can be rebuilt from the log."
    >
      <Facts
        of={[
          [
            'State',
            <span key="s" className="inline-block">
              <StateMark state={historyWords[history.state]} word={history.state} />
            </span>,
          ],
          ['Restarts', formatCount(history.restarts)],
          ['Rows', formatCount(history.rows)],
          ['Size', formatBytes(history.bytes)],
          ['Oldest', history.oldest === null ? none : <AgeText key="o" at={history.oldest} />],
          [
            'Parts, of which merging',
            `${formatCount(history.parts)}, ${formatCount(history.merging)}`,
          ],
        ]}
      />
      <div className="mt-3">
        <Table
          label="Slow queries"
          columns={slowColumns}
          rows={history.slow}
          keyOf={(q) => `${q.at} ${q.ms} ${q.what}`}
          none="No query was slow."
        />
      </div>
    </Section>
  );
}

/** What it takes of the machine. */
export function MachinePart({ itself }: PartProps): ReactNode {
  const { memory, disk } = itself;
  return (
    <Section
      title="Machine"
      means="Anonymous memory is what only this process can give back; resident memory counts shared pages of the log too."
    >
      <Facts
        of={[
          ['Memory, anonymous', formatBytes(memory.anonymousBytes)],
          ['Memory, resident', formatBytes(memory.rssBytes)],
          [
            'Memory of history’s process',
            memory.historyAnonymousBytes === null
              ? none
              : formatBytes(memory.historyAnonymousBytes),
          ],
          [
            'Data directory',
            <span key="p" className="font-mono text-small wrap-anywhere">
              {disk.path}
            </span>,
          ],
          ['Used by Territory', formatBytes(disk.usedBytes)],
          ['Free on its disk', formatBytes(disk.freeBytes)],
        ]}
      />
    </Section>
  );
}

const limitColumns: readonly Column<Of<'limits'>>[] = [
  { head: 'Limit', cell: (l) => l.name },
  {
    head: 'Setting',
    cell: (l) =>
      l.setting === null ? (
        <span className="text-faint">fixed</span>
      ) : (
        <span className="font-mono text-small">{l.setting}</span>
      ),
  },
  {
    head: 'Bound',
    isNumber: true,
    cell: (l) => (
      <>
        <span className="text-faint">{l.bound}</span> {inUnit(l.limit, l.unit)}
      </>
    ),
  },
  { head: 'Now', isNumber: true, cell: (l) => (l.now === null ? '–' : inUnit(l.now, l.unit)) },
  {
    head: 'How near',
    cell: (l) =>
      l.now === null || l.limit <= 0 ? (
        ''
      ) : (
        <span className="flex min-w-24 items-center gap-2">
          <Meter value={fullness(l)} label={`${l.name}, how near`} />
          <span className="w-10 shrink-0 text-right text-small">
            {Math.floor(100 * fullness(l))} %
          </span>
        </span>
      ),
  },
  {
    head: 'Hit',
    means: 'How often something was refused, dropped or cut because of it, since the start',
    isNumber: true,
    cell: (l) =>
      l.hits === 0 ? (
        <span className="text-faint">never</span>
      ) : (
        <strong className="font-semibold text-warning">{formatCount(l.hits)} times</strong>
      ),
  },
];

function inUnit(value: number, unit: string): string {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'ms') return formatDuration(value);
  return `${formatNumber(value)} ${unit}`.trim();
}

/** Every bound there is. */
export function LimitsPart({ itself }: PartProps): ReactNode {
  const sorted = itself.limits.toSorted((a, b) => b.hits - a.hits || fullness(b) - fullness(a));
  return (
    <Section
      wide
      title="Limits"
      means="Every queue, cache and window is bounded. Those that were hit stand first, then the nearest."
    >
      <Table
        label="Limits"
        columns={limitColumns}
        rows={sorted}
        keyOf={(l) => l.name}
        none="No limit is reported."
      />
    </Section>
  );
}
/** From 0, far from the bound, to 1, at it. */
function fullness({ bound, limit, now }: Of<'limits'>): number {
  if (now === null || limit <= 0) return 0;
  if (bound === 'at most') return now / limit;
  return now > 0 ? limit / now : 1;
}
