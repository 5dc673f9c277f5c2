import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { Asking } from '../kit/Asking.tsx';
import { formatCount } from '../kit/format.ts';
import { AgeText, TimeText } from '../kit/TimeText.tsx';
import { formatIn, unitOf } from '../kit/units.ts';
import { AlertChart } from './AlertChart.tsx';
import { notificationsQuery } from './api.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { Life } from './Life.tsx';
import { MovedVerdict } from './MovedVerdict.tsx';
import { NotificationList } from './NotificationList.tsx';
import { spanOf } from './reading.ts';
import { Suspects } from './Suspects.tsx';
import { verdictIn } from './verdict-in.ts';

interface AlertBodyProps {
  readonly alert: Alert;
  readonly onOpen: (event: PlacedEvent) => void;
}

/** Everything about an alert, in the order in which it is needed. */
export function AlertBody({ alert, onOpen }: AlertBodyProps): ReactNode {
  const about = verdictIn(alert.details);
  return (
    <div className="grid xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 xl:border-r xl:border-line">
        <Part title="The reading that decided" tour="alert">
          <AlertChart alert={alert} onOpen={onOpen} />
        </Part>
        {about && (
          <Part title="Did the change move it?">
            <MovedVerdict about={about} unit={unitOf(alert.name, 'mean')} />
          </Part>
        )}
        <Part title="Suspects" tour="suspects">
          <Suspects alert={alert} />
        </Part>
        <Part title="Notifications">
          <Told alert={alert} />
        </Part>
      </div>
      <div className="min-w-0">
        <Part title="What is known">
          <Known alert={alert} />
        </Part>
        <Part title="What happened to it" tour="recovered">
          <Life alert={alert} />
        </Part>
      </div>
    </div>
  );
}

function Part(props: {
  readonly title: string;
  /** By what the guided tour finds it. */
  readonly tour?: string;
  readonly children: ReactNode;
}): ReactNode {
  const { title, tour, children } = props;
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      data-tour={tour}
      className="border-b border-line px-3 py-4 sm:px-5"
    >
      <h2 id={id} className="mb-2 text-lead font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Told({ alert }: { readonly alert: Alert }): ReactNode {
  const found = useQuery(notificationsQuery(alert.id));
  return (
    <>
      <Asking of={found} />
      {found.data && found.data.notifications.length === 0 && (
        <p className="max-w-[75ch] text-soft">
          Nobody was told of it, and nothing was kept quiet: no route of the configuration fits it,
          or it is only just open.
        </p>
      )}
      {found.data && <NotificationList rows={found.data.notifications} />}
    </>
  );
}

function Known({ alert }: { readonly alert: Alert }): ReactNode {
  const [opened] = useState(Date.now);
  const { from, to } = spanOf(alert, opened);
  const labels = Object.entries(alert.key);
  const row = (name: string, value: ReactNode): ReactNode =>
    value === undefined || value === '' || value === false ? null : (
      <>
        <dt className="min-w-0 wrap-anywhere text-faint">{name}</dt>
        <dd className="min-w-0 wrap-anywhere">{value}</dd>
      </>
    );
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">
      {row(
        'rule',
        <Link
          to="/rules/rule/$name"
          params={{ name: alert.rule }}
          className="text-accent underline"
        >
          {alert.rule}
        </Link>,
      )}
      {labels.map(([name, value]) => (
        <div key={name} className="contents">
          {row(name, value)}
        </div>
      ))}
      {row('service', !labels.some(([name]) => name === 'service') && alert.service)}
      {row('host', !labels.some(([name]) => name === 'host') && alert.host)}
      {row('team', alert.team)}
      {row(
        'value',
        alert.value !== undefined &&
          `${formatIn(unitOf(alert.name, ''), alert.value)}${alert.name === undefined ? '' : `, ${alert.name}`}`,
      )}
      {row(
        'since',
        <>
          <TimeText at={alert.since} />, <AgeText at={alert.since} />
        </>,
      )}
      {row('opened', <TimeText at={alert.openedAt} />)}
      {row('over', alert.resolvedAt !== undefined && <TimeText at={alert.resolvedAt} />)}
      {row('times open', formatCount(alert.episode))}
      {row(
        'condition true',
        alert.count === 1 ? 'once' : `${formatCount(alert.count)} times in all`,
      )}
      {row('runbook', alert.runbook)}
      {row(
        'replay',
        <Link to="/rules/backtest" search={{ alert: alert.id }} className="text-accent underline">
          What the rules that run now make of that time
        </Link>,
      )}
      {row(
        'evidence',
        <Link
          to="/stream"
          search={{
            ...(alert.service !== undefined && {
              where: `service = ${JSON.stringify(alert.service)}`,
            }),
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
          }}
          className="text-accent underline"
        >
          Show the events of that time
        </Link>,
      )}
    </dl>
  );
}
