import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { Combobox } from '../kit/Combobox.tsx';
import { Select } from '../kit/Field.tsx';
import { formatAge } from '../kit/format.ts';
import { catalogueQuery } from '../kit/queries.ts';
import { WhereField } from '../where/WhereField.tsx';
import { aggregates, type Asked } from './asked.ts';
import type { ExploreChange, ExploreSearch } from './search.ts';

interface ControlsProps {
  readonly search: ExploreSearch;
  readonly asked: Asked;
  readonly onChange: (change: ExploreChange) => void;
}

const columns = ['service', 'host', 'environment', 'name', 'state', 'type', 'source', 'subject'];
const comparisons = [
  ['', 'nothing'],
  ['yesterday', 'yesterday'],
  ['last-week', 'last week'],
] as const;
const tops = [
  ['5', '5'],
  ['10', '10'],
  ['20', '20'],
  ['50', '50'],
] as const;

function oneOf<T extends string>(
  options: readonly (readonly [T, string])[],
  value: string | undefined,
  otherwise: T,
): T {
  return options.find(([option]) => option === value)?.[0] ?? otherwise;
}

/** What is asked: which metric, how it is put together, of which events, and by what it is split. */
export function Controls({ search, asked, onChange }: ControlsProps): ReactNode {
  const { data } = useQuery(catalogueQuery);
  const now = useNow();
  const metrics = (data?.kinds.name?.entries ?? []).map((entry) => ({
    value: entry.value,
    note: formatAge(entry.lastSeen, now),
  }));
  return (
    <div className="flex shrink-0 flex-col gap-2 border-b border-line px-3 pb-3 sm:px-5">
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-[minmax(12rem,1.6fr)_10rem_minmax(12rem,2fr)] xl:grid-cols-[minmax(14rem,1.6fr)_10rem_minmax(14rem,2fr)_6rem_8rem]">
        <Combobox
          className="col-span-2 sm:col-span-1"
          label="Metric"
          value={search.metric ?? ''}
          options={metrics}
          placeholder="all events"
          none="No metric is called that. Enter takes it anyway."
          onChoose={(metric) =>
            onChange({ metric, aggregate: metric ? search.aggregate : undefined })
          }
        />
        <Select
          className="col-span-2 sm:col-span-1"
          label="Aggregate"
          value={asked.aggregate}
          options={aggregates}
          onChange={(chosen) => onChange({ aggregate: chosen })}
        />
        <GroupBy asked={asked} onChange={onChange} />
        <Select
          label="Series at most"
          value={oneOf(tops, search.top, '10')}
          options={tops}
          onChange={(chosen) => onChange({ top: chosen })}
        />
        <Select
          label="Compare with"
          value={oneOf(comparisons, search.compare, '')}
          options={comparisons}
          onChange={(compare) => onChange({ compare })}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <WhereField
          key={`where ${search.where ?? ''}`}
          label="Filter"
          isFilter
          value={search.where ?? ''}
          onChange={(where) => onChange({ where })}
          placeholder={'Only events where…, e.g. service = "shop"'}
        />
        <WhereField
          key={`ratio ${search.ratio ?? ''}`}
          label="Divide by"
          value={search.ratio ?? ''}
          onChange={(ratio) => onChange({ ratio })}
          placeholder={'Divided by the same of events where…'}
        />
      </div>
    </div>
  );
}

function GroupBy({ asked, onChange }: Pick<ControlsProps, 'asked' | 'onChange'>): ReactNode {
  const { data } = useQuery(catalogueQuery);
  const labels = (data?.kinds.label?.entries ?? []).map((entry) => ({
    value: entry.value,
    note: `${entry.values?.length ?? 0} values`,
  }));
  const options = [...columns.map((value) => ({ value, note: 'field' })), ...labels].filter(
    (option) => !asked.by.includes(option.value),
  );
  const change = (by: readonly string[]): void => onChange({ by: by.join(',') });
  return (
    <fieldset className="col-span-2 flex min-w-0 flex-col gap-1 sm:col-span-1">
      <legend className="label mb-1">Group by</legend>
      <div className="flex min-w-0 flex-wrap gap-1">
        {asked.by.map((name) => (
          <Button
            key={name}
            icon="close"
            className="flex-row-reverse bg-accent-wash!"
            aria-label={`${name}: stop grouping by it`}
            onClick={() => change(asked.by.filter((other) => other !== name))}
          >
            {name}
          </Button>
        ))}
        <Combobox
          key={asked.by.join(',')}
          className="min-w-24 grow basis-0"
          label="Group by"
          bare
          value=""
          options={options}
          placeholder={asked.by.length === 0 ? 'nothing' : 'and by…'}
          none="No such label seen. Enter takes it anyway."
          onChoose={(name) => name && change([...asked.by, name])}
        />
      </div>
    </fieldset>
  );
}
