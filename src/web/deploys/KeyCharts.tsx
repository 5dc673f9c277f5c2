import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { unitOf } from '../kit/units.ts';
import { SmallChart } from '../map/drawer/SmallChart.tsx';
import { quote } from '../where/quote.ts';

const minute = 60_000;
/** As many as can be watched. */
const chartsAtMost = 4;

/** The metrics that the application sends most of, with the mark of this deploy, as it happens. */
export function KeyCharts({ deploy }: { readonly deploy: Deploy }): ReactNode {
  const { app, environment, started, ended } = deploy;
  const where = `type = "metric" and service = ${quote(app)} and environment = ${quote(environment)}`;
  const names = useQuery({
    queryKey: ['deploys', 'metrics', app, environment],
    queryFn: ({ signal }) =>
      api.series(
        { where, aggregate: 'count', by: ['name'], top: chartsAtMost, last: '3h', every: '3h' },
        signal,
      ),
    staleTime: minute,
    retry: false,
  });
  const known = (names.data?.series ?? []).flatMap(({ labels }) => labels['name'] ?? []);
  if (known.length === 0)
    return (
      <>
        <Asking of={names} />
        {names.data && (
          <p className="text-soft">
            No data: {app} sent no metric from {environment} in the last three hours, so there is
            nothing to watch but its checks.
          </p>
        )}
      </>
    );
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {known.map((name) => (
        <SmallChart
          key={name}
          title={name}
          unit={unitOf(name, 'mean')}
          query={{
            where: `${where} and name = ${quote(name)}`,
            aggregate: 'mean',
            by: ['name'],
            top: 1,
            every: '1m',
          }}
          limits={[]}
          deploys={[started, ended].filter((time) => time !== null)}
          past={undefined}
        />
      ))}
    </div>
  );
}
