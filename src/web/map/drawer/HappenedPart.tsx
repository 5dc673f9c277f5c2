import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NodeDetail } from '../../../server/api/contract-map-detail.ts';
import { StateMark } from '../../kit/StateMark.tsx';
import { Ago } from '../table/Ago.tsx';
import { HealthMark } from '../table/HealthMark.tsx';
import type { MapIndex } from '../table/map-index.ts';
import { LogLink } from '../../kit/LogLink.tsx';
import { Section } from './Section.tsx';
import { ThingButton } from './ThingButton.tsx';

interface HappenedPartProps {
  readonly detail: NodeDetail;
  readonly index: MapIndex;
  /** The past that is looked at, ms; undefined: now. What came later is left out. */
  readonly past: number | undefined;
  readonly onOpen: (id: string) => void;
}

/** Alerts that are open, what was deployed, what people have with it, and how its health went. */
export function HappenedPart({ detail, index, past, onOpen }: HappenedPartProps): ReactNode {
  const until = past ?? Infinity;
  const before = <T extends { readonly time: number }>(all: readonly T[]): T[] =>
    all.filter(({ time }) => time <= until);
  // Who becomes seen to be what was inferred of it already looks the same as before.
  const changes = before(detail.changes);
  return (
    <>
      {past === undefined && <OpenAlerts alerts={detail.alerts} />}
      <Deploys deploys={before(detail.deploys)} past={past} />
      <Cases cases={before(detail.cases)} past={past} />
      <Section title="Last changes of health">
        {changes.length === 0 ? (
          <p className="text-soft">None was recorded.</p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {changes.map((one) => (
              <li key={`${one.time} ${one.offset}`}>
                <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                  <span className="flex items-baseline gap-1.5">
                    <HealthMark state={one.from} />
                    <span aria-hidden="true" className="text-faint">
                      →
                    </span>
                    <span className="sr-only">became</span>
                    <HealthMark state={one.to} />
                  </span>
                  <span className="text-small">
                    <LogLink of={{ stream: 'facts', offset: one.offset, time: one.time }}>
                      <Ago at={one.time} past={past} />
                    </LogLink>
                  </span>
                </span>
                {one.because.length > 1 && (
                  <span className="flex flex-wrap items-baseline gap-x-1 text-small text-soft">
                    because of
                    <ThingButton
                      id={one.because.at(-1) ?? ''}
                      index={index}
                      onOpen={onOpen}
                      isBare
                    />
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function OpenAlerts({ alerts }: { readonly alerts: NodeDetail['alerts'] }): ReactNode {
  return (
    <Section title="Open alerts">
      {alerts.length === 0 ? (
        <p className="text-soft">None is open.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {alerts.map(({ id, title, severity, since }) => (
            <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
                <StateMark state={severity} />
                <Link
                  to="/alerts/$id"
                  params={{ id }}
                  className="wrap-anywhere text-accent underline"
                >
                  {title}
                </Link>
              </span>
              <span className="text-small text-faint">
                <Ago at={since} past={undefined} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Deploys(props: {
  readonly deploys: NodeDetail['deploys'];
  readonly past: number | undefined;
}): ReactNode {
  return (
    <Section title="Last deployments">
      {props.deploys.length === 0 ? (
        <p className="text-soft">None was heard of.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {props.deploys.map(({ key, time, version, environment, outcome, offset }) => (
            <li
              key={`${key} ${offset}`}
              className="flex flex-wrap items-baseline justify-between gap-x-3"
            >
              <span className="min-w-0 wrap-anywhere">
                <ThreadLink of={key}>{version ?? nameOf(key)}</ThreadLink>
                {environment !== undefined && ` to ${environment}`}
                {outcome !== undefined && `, ${outcome}`}
              </span>
              <span className="text-small">
                <LogLink of={{ stream: 'facts', offset, time }}>
                  <Ago at={time} past={props.past} />
                </LogLink>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Cases(props: {
  readonly cases: NodeDetail['cases'];
  readonly past: number | undefined;
}): ReactNode {
  if (props.cases.length === 0) return null;
  return (
    <Section title="Incidents, tickets and cases">
      <ul className="flex flex-col gap-1">
        {props.cases.map(({ key, kind, title, state, time, offset }) => (
          <li
            key={`${key} ${offset}`}
            className="flex flex-wrap items-baseline justify-between gap-x-3"
          >
            <span className="min-w-0 wrap-anywhere">
              {kind} <ThreadLink of={key}>{nameOf(key)}</ThreadLink>
              {title !== undefined && ` ${title}`}
              {state !== undefined && <span className="text-soft"> · {state}</span>}
            </span>
            <span className="text-small">
              <LogLink of={{ stream: 'facts', offset, time }}>
                <Ago at={time} past={props.past} />
              </LogLink>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** `incident/INC-42` is `INC-42` to people. */
const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

const ThreadLink = (props: { readonly of: string; readonly children: ReactNode }): ReactNode => (
  <Link to="/thread" search={{ of: props.of }} className="font-semibold text-accent underline">
    {props.children}
  </Link>
);
