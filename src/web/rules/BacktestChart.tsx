import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { Backtest } from '../../rules/backtest/result.ts';
import type { SeriesAnswer } from '../../server/api/contract.ts';
import { stepFor } from '../explore/asked.ts';
import { ChartPanel } from '../explore/ChartPanel.tsx';
import { Legend } from '../explore/Legend.tsx';
import { type Drawing, drawingOf } from '../explore/lines.ts';
import { isOwnFact } from '../explore/own-facts.ts';
import { useFacts } from '../explore/use-facts.ts';
import { api } from '../kit/api.ts';
import { Select } from '../kit/Field.tsx';
import { unitOf } from '../kit/units.ts';
import { quote } from '../where/quote.ts';
import {
  decidedAnswer,
  emittedAnswer,
  eventsAnswer,
  type Value,
  valuesOf,
} from './decided-values.ts';
import { Lanes } from './Lanes.tsx';

const none: ReadonlySet<string> = new Set();
const points = 300;

interface BacktestChartProps {
  readonly result: Backtest;
  readonly onZoom: (from: number, to: number) => void;
}

/** The number that decided with the facts of that time, and under it what each side decided. */
export function BacktestChart({ result, onZoom }: BacktestChartProps): ReactNode {
  const values = useMemo(() => valuesOf(result), [result]);
  const [chosen, setChosen] = useState(values[0]?.name ?? '');
  const [cursor, setCursor] = useState<number>();
  const [focus, setFocus] = useState<string>();
  const [hidden, setHidden] = useState(none);
  const value = values.find(({ name }) => name === chosen) ?? values.at(-1);
  const { answer, note } = useAnswer(result, value);
  const drawing = useMemo(
    () => withLiveDashed(drawingOf(answer, value?.name ?? '')),
    [answer, value],
  );
  const facts = useFacts(answer).filter((fact) => !isOwnFact(fact));
  const unit = unitOf(value?.kind === 'events' ? undefined : value?.name, 'mean');
  return (
    <section aria-label="Decisions over time">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-1 px-3 pt-3 sm:px-5">
        <Select
          className="w-full sm:w-72"
          label="Value over the lanes"
          value={value?.name ?? ''}
          options={values.map(({ name }) => [name, name] as const)}
          onChange={setChosen}
        />
        <p className="min-w-0 grow basis-60 text-small text-faint">{note}</p>
      </div>
      <ChartPanel
        label={`${value?.name ?? ''} over time`}
        drawing={drawing}
        range={result}
        unit={unit}
        hidden={hidden}
        focus={focus}
        facts={facts}
        cursor={cursor}
        onCursor={setCursor}
        onOpen={() => {}}
        onZoom={onZoom}
        below={(plot) => <Lanes result={result} plot={plot} />}
      />
      {drawing.lines.length > 1 && (
        <Legend
          drawing={drawing}
          unit={unit}
          hidden={hidden}
          cursor={cursor}
          onHidden={setHidden}
          onFocus={setFocus}
        />
      )}
    </section>
  );
}

/** Where both sides are the same, both must be seen. */
const withLiveDashed = (drawing: Drawing): Drawing => ({
  ...drawing,
  lines: drawing.lines.map((line) => (line.name === 'live' ? { ...line, compared: true } : line)),
});

interface Answered {
  readonly answer: SeriesAnswer;
  readonly note: string;
}

function useAnswer(result: Backtest, value: Value | undefined): Answered {
  const { from, to } = result;
  const isReading = value?.kind === 'reading';
  const every = stepFor(to - from, points);
  const found = useQuery({
    queryKey: ['series', 'backtest', value, from, to],
    queryFn: ({ signal }) =>
      api.series(
        {
          where: `name = ${quote(value?.name ?? '')}`,
          from,
          to,
          every,
          aggregate: 'mean',
          top: 5,
          ...(value && value.by.length > 0 && { by: [...value.by] }),
        },
        signal,
      ),
    enabled: isReading,
  });
  const made = useMemo(() => answerOf(result, value), [result, value]);
  if (!isReading) return { answer: made, note: notes[value?.kind ?? 'events'] };
  if (found.data && found.data.series.length > 0)
    return {
      answer: found.data,
      note: `Mean in buckets of ${every}, from history; at most five series.`,
    };
  return {
    answer: made,
    note: found.isPending
      ? 'Asking history…'
      : 'Made inside the rule: known only at the moments when it decided.',
  };
}

function answerOf(result: Backtest, value: Value | undefined): SeriesAnswer {
  if (value?.kind === 'emitted') return emittedAnswer(result, value.name);
  return value?.kind === 'reading' ? decidedAnswer(result, value.name) : eventsAnswer(result);
}

const notes = {
  emitted: 'What the rules emit: the mean of all keys in each bucket.',
  events: 'Events received in each bucket: where there are none, no rule could decide.',
} as const;
