import type { ReactNode } from 'react';
import type { WhereLane } from '../../server/api/contract-releases.ts';
import type { StandingGate } from '../gates/standing.ts';
import { counted } from '../kit/format.ts';
import { AgeText } from '../kit/TimeText.tsx';
import { useNow } from '../kit/clock.ts';
import { Findings } from './Findings.tsx';
import { Held } from './Held.tsx';
import { isNew, shortVersion } from './rows.ts';
import { VerdictMark } from './VerdictMark.tsx';

/** Verdicts that say nothing without their reason. */
export const speaks: ReadonlySet<string> = new Set(['mixed', 'contradicted', 'unknown']);

/** Findings that a cell of the table has room for. */
const inCell = 2;

interface StandingProps {
  readonly lane: WhereLane;
  /** When the server said so, ms since the epoch. */
  readonly asked: number;
  /** What keeps deploys out of it. */
  readonly gate: StandingGate | undefined;
  /** There is room: all findings are shown. */
  readonly isWide?: boolean;
}

/** What runs in one place: its version, since when, how far that can be trusted, and what is wrong. */
export function Standing({ lane, asked, gate, isWide = false }: StandingProps): ReactNode {
  const now = useNow();
  const { verdict, because, findings = [] } = lane;
  const fresh = isNew(lane, now);
  return (
    <div
      className={`max-w-[52ch] min-w-0 border-l-[3px] pl-2 ${fresh ? 'border-accent' : 'border-transparent'}`}
    >
      <Version lane={lane} isFresh={fresh} />
      <p className="flex flex-wrap items-center gap-x-1.5 text-small" title={because}>
        <VerdictMark verdict={verdict} />
        <Rests lane={lane} asked={asked} />
      </p>
      {speaks.has(verdict) && <p className="text-small wrap-anywhere text-soft">{because}</p>}
      <Findings of={findings} {...(!isWide && { most: inCell })} />
      <Behind lane={lane} />
      {gate && <Held gate={gate} />}
      <UnderWay lane={lane} />
    </div>
  );
}

/** By which channels it is said, and how old that is. A claim is as old as its deploy: that stands above. */
function Rests({ lane, asked }: Pick<StandingProps, 'lane' | 'asked'>): ReactNode {
  const { age, verdict, channels = [], runs } = lane;
  if (age === null || (verdict === 'claimed' && runs.length === 0)) return null;
  return (
    <span className="text-faint">
      {verdict === 'verified' && channels.length > 0 && (
        <abbr
          title={channels.map((one) => channelMeans[one] ?? one).join(', ')}
          className="no-underline"
        >
          {channels.join('+')}
        </abbr>
      )}{' '}
      <AgeText at={asked - age} />
    </span>
  );
}

const channelMeans: Readonly<Record<string, string>> = {
  S: 'what instances say',
  O: 'who listens',
  D: 'the files',
  F: 'the front',
  M: 'the schema',
  C: 'the configuration',
  B: 'the balancer',
};

function Version(props: { readonly lane: WhereLane; readonly isFresh: boolean }): ReactNode {
  const { version, now, since } = props.lane;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span
        className={`font-mono wrap-anywhere ${version === null ? 'text-faint' : 'font-semibold'}`}
        title={version ?? undefined}
      >
        {now?.state === 'removed' ? 'removed' : shortVersion(version)}
      </span>
      {props.isFresh && <span className="text-small font-semibold text-accent">new</span>}
      {since !== null && (
        <span className="text-small text-faint">
          <AgeText at={since} />
        </span>
      )}
    </p>
  );
}

/** After so long without an end something is wrong with the deploy, or with who tells of it. */
const dayMs = 24 * 3_600_000;

/** What has begun, and what failed since the last that did not. */
function UnderWay({ lane: { now, running, lastFailed } }: { readonly lane: WhereLane }): ReactNode {
  const at = useNow();
  const failed = lastFailed && lastFailed.at > (now?.at ?? 0) ? lastFailed : undefined;
  return (
    <>
      {running.map((deploy) => (
        <p key={deploy.thread} className="text-small wrap-anywhere text-soft">
          {shortVersion(deploy.version)} is being deployed, begun <AgeText at={deploy.at} />
          {at - deploy.at > dayMs && ', and no end was told'}
        </p>
      ))}
      {failed && (
        <p className="text-small wrap-anywhere text-critical">
          {shortVersion(failed.version)} {failed.state} <AgeText at={failed.at} />
        </p>
      )}
    </>
  );
}

function Behind({ lane: { behind } }: { readonly lane: WhereLane }): ReactNode {
  if (!behind || behind.commits === 0) return null;
  return (
    <p className="text-small text-soft">
      {counted(behind.commits, 'commit')} behind {behind.of}
    </p>
  );
}
