import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ChartPanel } from '../explore/ChartPanel.tsx';
import { Legend } from '../explore/Legend.tsx';
import { drawingOf } from '../explore/lines.ts';
import { api } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { quote } from '../where/quote.ts';

const refreshMs = 30_000;
const none: ReadonlySet<string> = new Set();

/** The readings that a rule made in the last hour, by their name. */
export function RuleSeries({ rule }: { readonly rule: string }): ReactNode {
  const [cursor, setCursor] = useState<number>();
  const [focus, setFocus] = useState<string>();
  const [hidden, setHidden] = useState(none);
  const where = `source = "territory/rules" and label.rule = ${quote(rule)}`;
  const found = useQuery({
    queryKey: ['series', 'rule', rule],
    queryFn: ({ signal }) =>
      api.series(
        { where, last: '1h', every: '1m', aggregate: 'mean', by: ['name'], top: 10 },
        signal,
      ),
    refetchInterval: refreshMs,
  });
  const drawing = found.data && drawingOf(found.data, rule);
  if (!found.data || !drawing) return <Asking of={found} />;
  if (drawing.times.length === 0)
    return (
      <p className="max-w-[65ch] text-soft">
        No data in the last hour. A rule that ends in{' '}
        <code className="font-mono">{"emit({ name: '…' })"}</code> draws its line here.
      </p>
    );
  return (
    <div className="-mx-3 sm:-mx-5">
      <ChartPanel
        label={`What ${rule} emits, over time`}
        drawing={drawing}
        range={found.data}
        unit="number"
        hidden={hidden}
        focus={focus}
        facts={[]}
        cursor={cursor}
        onCursor={setCursor}
        onOpen={() => {}}
        onZoom={() => {}}
      />
      <Legend
        drawing={drawing}
        unit="number"
        hidden={hidden}
        cursor={cursor}
        onHidden={setHidden}
        onFocus={setFocus}
      />
      <p className="px-3 pt-2 text-small text-soft sm:px-5">
        Mean of all its keys in each minute.{' '}
        <Link
          to="/explore"
          search={{ where, aggregate: 'mean', by: 'name', last: '1h' }}
          className="font-semibold text-accent underline"
        >
          Explore it
        </Link>
      </p>
    </div>
  );
}
