import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { stepFor } from '../explore/asked.ts';
import { ChartPanel } from '../explore/ChartPanel.tsx';
import { drawingOf } from '../explore/lines.ts';
import { isOwnFact } from '../explore/own-facts.ts';
import { useFacts } from '../explore/use-facts.ts';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { unitOf } from '../kit/units.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { readingOf, spanOf } from './reading.ts';

const points = 120;

interface AlertChartProps {
  readonly alert: Alert;
  readonly onOpen: (event: PlacedEvent) => void;
}

/** The reading that decided, from well before it until now or its end, with the facts of that time. */
export function AlertChart({ alert, onOpen }: AlertChartProps): ReactNode {
  const [opened] = useState(Date.now);
  const [cursor, setCursor] = useState<number>();
  const { from, to } = spanOf(alert, opened);
  const where = readingOf(alert);
  const every = stepFor(to - from, points);
  const found = useQuery({
    queryKey: ['series', 'alert', alert.id, from, to],
    queryFn: ({ signal }) =>
      api.series({ where, from, to, every, aggregate: 'mean', by: ['name'], top: 3 }, signal),
  });
  const facts = useFacts(found.data).filter((fact) => isTelling(fact, alert));
  const drawing = found.data && drawingOf(found.data, '');
  if (!found.data || !drawing) return <Asking of={found} />;
  if (drawing.times.length === 0)
    return (
      <p className="max-w-[75ch] text-soft">
        No data: history has{' '}
        {alert.name === undefined ? (
          'nothing that this rule emitted'
        ) : (
          <>
            no reading called <code className="font-mono">{alert.name}</code>
          </>
        )}{' '}
        of that time. A number that is made inside a rule is kept only where the rule also ends in{' '}
        <code className="font-mono">emit</code>.
      </p>
    );
  const shown = drawing.lines.map((line) => line.name).join(', ');
  const unit = unitOf(shown, 'mean');
  return (
    <>
      <div className="-mx-3 sm:-mx-5">
        <ChartPanel
          label={`${shown} over time`}
          drawing={drawing}
          range={found.data}
          unit={unit}
          hidden={new Set()}
          focus={undefined}
          facts={facts}
          cursor={cursor}
          onCursor={setCursor}
          onOpen={onOpen}
          onZoom={() => {}}
        />
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 text-small text-soft">
        <span>
          Mean of {shown} in buckets of {every}; marks over it are deploys, changes and what
          happened to this alert.
        </span>
        <Link
          to="/explore"
          search={{
            where,
            aggregate: 'mean',
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
          }}
          className="font-semibold text-accent underline"
        >
          Explore it
        </Link>
      </p>
    </>
  );
}

/** Of the product's own facts only those about this alert: the others would hide the deploys. */
function isTelling(fact: PlacedEvent, alert: Alert): boolean {
  return !isOwnFact(fact) || fact.subject === alert.subject;
}
