import type { ReactNode } from 'react';
import type { WhereLane } from '../../server/api/contract-releases.ts';
import { counted } from '../kit/format.ts';
import { AgeText } from '../kit/TimeText.tsx';
import { useNow } from '../kit/clock.ts';
import { isNew, shortVersion } from './rows.ts';
import { VerdictMark } from './VerdictMark.tsx';

/** What runs in one place: its version, how far that can be trusted, since when. */
export function Standing({ lane }: { readonly lane: WhereLane }): ReactNode {
  const now = useNow();
  const { verdict, because, since } = lane;
  const fresh = isNew(lane, now);
  return (
    <div
      className={`min-w-0 border-l-[3px] pl-2 ${fresh ? 'border-accent' : 'border-transparent'}`}
    >
      <Version lane={lane} isFresh={fresh} />
      <p className="flex flex-wrap items-center gap-x-2 text-small" title={because}>
        <VerdictMark verdict={verdict} />
        {since !== null && (
          <span className="text-faint">
            <AgeText at={since} />
          </span>
        )}
      </p>
      {(verdict === 'mixed' || verdict === 'contradicted') && (
        <p className="text-small wrap-anywhere text-soft">{because}</p>
      )}
      <Behind lane={lane} />
      <UnderWay lane={lane} />
    </div>
  );
}

function Version(props: { readonly lane: WhereLane; readonly isFresh: boolean }): ReactNode {
  const { version, now } = props.lane;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span
        className={`font-mono wrap-anywhere ${version === null ? 'text-faint' : 'font-semibold'}`}
        title={version ?? undefined}
      >
        {now?.state === 'removed' ? 'removed' : shortVersion(version)}
      </span>
      {props.isFresh && <span className="text-small font-semibold text-accent">new</span>}
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
