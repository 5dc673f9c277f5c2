import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Itself } from '../../server/api/contract.ts';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
} from '../kit/format.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Sparkline } from '../kit/Sparkline.tsx';
import { HistoryPart, IntakePart, LimitsPart, LogPart, MachinePart } from './parts.tsx';
import { Figure } from './Section.tsx';
import { acceptedOf, everyMs, lagOf, refusedOf, snapshotsQuery, speeds } from './snapshots.ts';

/** Territory about itself: what it takes in, keeps, owes to history, and which limits it met. */
export function ItselfPage(): ReactNode {
  const found = useQuery(snapshotsQuery);
  const now = useNow();
  const snapshots = found.data ?? [];
  const itself = snapshots.at(-1);
  const age = now - found.dataUpdatedAt;
  const isStale = itself !== undefined && age > everyMs * 2.5;
  const again = <Button onClick={() => void found.refetch()}>Ask now</Button>;
  return (
    <Page
      title="Territory itself"
      status={
        itself && (
          <>
            <span>
              {itself.version}
              {itself.commit !== null && ` (${itself.commit.slice(0, 7)})`}, Node {itself.node}
            </span>
            <span>
              up for {formatDuration(Math.floor((itself.now - itself.started) / 1000) * 1000)}
            </span>
            <span>asked every {everyMs / 1000} s</span>
          </>
        )
      }
    >
      {isStale && (
        <Notice look="warning" action={again}>
          <strong className="font-semibold">Stale.</strong> These numbers are from{' '}
          {formatAge(found.dataUpdatedAt, now)}: the server has not answered since.
        </Notice>
      )}
      {found.error && !isStale && <ErrorNotice error={found.error} action={again} />}
      <Scrollable label="All numbers" className="min-h-0 grow overflow-y-auto border-t border-line">
        {found.isPending && (
          <output className="block p-5 text-soft">
            <span className="breathe">Asking…</span>
          </output>
        )}
        {itself && (
          // One pixel of the line's colour shows between the parts: a grid drawn by its gaps.
          <div className="grid gap-px bg-line xl:grid-cols-2">
            <Figures itself={itself} snapshots={snapshots} />
            <IntakePart itself={itself} />
            <LogPart itself={itself} />
            <HistoryPart itself={itself} />
            <MachinePart itself={itself} />
            <LimitsPart itself={itself} />
          </div>
        )}
      </Scrollable>
    </Page>
  );
}

function behindNote(lag: number | null, events: number): string {
  if (lag === null) return 'not known: nothing follows the log yet';
  return events === 0 ? 'it has every event' : `${formatCount(events)} events are not in it yet`;
}

function Figures(props: {
  readonly itself: Itself;
  readonly snapshots: readonly Itself[];
}): ReactNode {
  const { itself, snapshots } = props;
  const accepted = speeds(snapshots, acceptedOf);
  const lag = lagOf(itself);
  const behind = itself.streams.reduce((sum, s) => sum + (s.historyLagEvents ?? 0), 0);
  const speed = accepted.at(-1);
  return (
    <dl className="col-span-full grid grid-cols-1 gap-px bg-line sm:grid-cols-2 xl:grid-cols-4">
      <Figure
        name="Accepted"
        value={speed === undefined ? '–' : `${formatNumber(speed)}/s`}
        note={`${formatCount(acceptedOf(itself))} since the start`}
      >
        <Sparkline values={accepted} />
      </Figure>
      <Figure
        name="Refused"
        value={formatNumber(refusedOf(itself))}
        note="since the start, by reason below"
      >
        <Sparkline values={speeds(snapshots, refusedOf)} />
      </Figure>
      <Figure
        name="Durable in, p99"
        value={formatDuration(itself.append.p99Ms)}
        note={`p50 ${formatDuration(itself.append.p50Ms)}, longest ${formatDuration(itself.append.maxMs)}; ${formatBytes(itself.append.pendingBytes)} waiting`}
      >
        <Sparkline values={snapshots.map((s) => s.append.p99Ms)} />
      </Figure>
      <Figure
        name="History is behind by"
        value={lag === null ? '–' : formatDuration(lag)}
        note={behindNote(lag, behind)}
      >
        <Sparkline values={snapshots.map(lagOf)} />
      </Figure>
    </dl>
  );
}
