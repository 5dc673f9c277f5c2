import type { ReactNode } from 'react';
import type { MapEvidence, MapHealth } from '../../../server/api/contract-map.ts';
import { Notice } from '../../kit/Notice.tsx';
import { Ago, Lasting } from '../table/Ago.tsx';
import { HealthMark } from '../table/HealthMark.tsx';
import type { MapIndex } from '../table/map-index.ts';
import { becauseOf, stateWords } from '../table/words.ts';
import { LogLink } from '../../kit/LogLink.tsx';
import { Section } from './Section.tsx';
import { ThingButton } from './ThingButton.tsx';

interface HealthPartProps {
  readonly health: MapHealth;
  readonly index: MapIndex;
  readonly past: number | undefined;
  readonly onOpen: (id: string) => void;
}

/** How it is, why, and what says so. */
export function HealthPart(props: HealthPartProps): ReactNode {
  const { health, past } = props;
  return (
    <>
      <Section title="Health">
        <p className="flex flex-wrap items-baseline gap-x-2 text-lead">
          <HealthMark state={health.shown} />
          <span className="text-body text-soft">
            <Lasting since={health.since} past={past} />
          </span>
        </p>
        <Chain {...props} />
        <dl className="mt-2 grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">
          <dt className="text-faint">seen itself</dt>
          <dd>
            <HealthMark state={health.observed} />
          </dd>
          <dt className="text-faint">by its needs</dt>
          <dd>
            <HealthMark state={health.inferred} />
          </dd>
        </dl>
      </Section>
      {health.contradiction && (
        <Notice look="warning">
          What it needs is down, and yet it is freshly seen to be {stateWords[health.observed]}. So
          it counts as at risk at most, and the map may be wrong about that need.
        </Notice>
      )}
      <Section title="Evidence">
        {health.evidence.length === 0 ? (
          <p className="text-soft">
            None. No check, heartbeat, alert or metric with a limit names it, so nothing is known of
            it by itself.
          </p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {health.evidence.map((one) => (
              <li key={`${one.kind} ${one.name} ${one.stream} ${one.offset}`}>
                <OneEvidence one={one} past={past} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

/** The way to the cause, each step leading to its own drawer. */
function Chain({ health, index, onOpen }: HealthPartProps): ReactNode {
  const because = becauseOf(health, index);
  if (because.kind === 'nothing') return null;
  if (because.kind === 'seen')
    return <p className="mt-1 wrap-anywhere">{because.text ?? 'Seen by itself.'}</p>;
  return (
    <>
      <p className="mt-1 mb-1 text-soft">because of what it needs:</p>
      <ol aria-label="The way to the cause" className="flex flex-col gap-1">
        {[...because.through, because.cause].map((id, at) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <span aria-hidden="true" className="text-faint">
              {'→'.padStart(at + 1, '\u2003')}
            </span>
            <ThingButton id={id} index={index} onOpen={onOpen} />
          </li>
        ))}
      </ol>
      {because.text !== undefined && <p className="mt-1 wrap-anywhere">{because.text}</p>}
    </>
  );
}

const kinds: Readonly<Record<MapEvidence['kind'], string>> = {
  check: 'check',
  heartbeat: 'heartbeat',
  metric: 'metric',
  alert: 'alert',
  sli: 'service level',
  replicas: 'replicas',
};

function OneEvidence(props: {
  readonly one: MapEvidence;
  readonly past: number | undefined;
}): ReactNode {
  const { one, past } = props;
  return (
    <>
      <span className="flex items-baseline justify-between gap-3">
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <HealthMark state={one.state} />
          <span className="wrap-anywhere">
            {kinds[one.kind]} <LogLink of={one}>{one.name}</LogLink>
          </span>
        </span>
        <span className="shrink-0 text-small text-faint">
          <Ago at={one.time} past={past} />
        </span>
      </span>
      <span className="block text-small wrap-anywhere text-soft">
        {one.text}
        {one.stale && <strong className="font-semibold"> Too old to count.</strong>}
      </span>
    </>
  );
}
