import { type ReactNode, useMemo } from 'react';
import type { Static } from 'typebox';
import type { CheckRunRow } from '../../server/api/contract-checks.ts';
import { type Measured, measuredIn, versionChanges } from './measured.ts';
import { ValueChart } from './ValueChart.tsx';

/** What the runs measured, with the limits of the scenario, and marks where another version came. */
export function PerformanceCharts(props: {
  readonly runs: readonly Static<typeof CheckRunRow>[];
}): ReactNode {
  const { runs } = props;
  const measured = useMemo(() => measuredIn(runs), [runs]);
  const changes = useMemo(() => versionChanges(runs), [runs]);
  if (runs.length === 0) return <p className="text-soft">No data: it has not been run yet.</p>;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {measured.map((one: Measured) => (
        <ValueChart
          key={one.label}
          title={one.label}
          of={one}
          deploys={changes}
          deployWords="another version from here on"
        />
      ))}
    </div>
  );
}
