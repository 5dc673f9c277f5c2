import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { RangeDialog } from '../kit/RangeDialog.tsx';
import { Segmented } from '../kit/Segmented.tsx';
import { fixed, type Range, type RangeName, rangeOf, ranges, yesterday } from './backtest-range.ts';
import type { BacktestChange, BacktestSearch } from './backtest-search.ts';

interface RangeChoiceProps {
  readonly search: BacktestSearch;
  readonly onChange: (change: BacktestChange) => void;
}

/** Over which time. */
export function RangeChoice({ search, onChange }: RangeChoiceProps): ReactNode {
  const zone = useZone();
  const [opened] = useState(Date.now);
  const [custom, setCustom] = useState(false);
  const day = yesterday(opened, zone === 'utc');
  const range = rangeOf(search, opened);
  const chosen = chosenOf(search, range, day);
  const isCustom = search.from !== undefined && chosen === undefined;
  return (
    <div className="flex flex-col gap-1">
      <span className="label">Over</span>
      <div className="flex flex-wrap gap-2">
        <div className="max-w-full overflow-x-auto">
          <Segmented
            label="Range"
            value={chosen}
            options={ranges}
            onChange={(name) =>
              onChange(
                name === 'yesterday'
                  ? fixed(day)
                  : { last: name, from: undefined, to: undefined, alert: undefined },
              )
            }
          />
        </div>
        <Button icon="clock" aria-pressed={isCustom} onClick={() => setCustom(true)}>
          {range && isCustom
            ? `${formatTime(range.from, zone).slice(0, 16)} – ${formatTime(range.to, zone).slice(0, 16)}`
            : 'From – to'}
        </Button>
        {search.alert !== undefined && (
          <span className="self-center text-soft">around an alert, from an hour before it</span>
        )}
      </div>
      {custom && (
        <RangeDialog
          range={range ?? day}
          onClose={() => setCustom(false)}
          onChoose={(from, to) => {
            setCustom(false);
            onChange(fixed({ from, to }));
          }}
        />
      )}
    </div>
  );
}

function chosenOf(
  search: BacktestSearch,
  range: Range | undefined,
  day: Range,
): RangeName | undefined {
  if (!range) return undefined;
  if (search.from !== undefined) return same(range, day) ? 'yesterday' : undefined;
  return ranges.find(([name]) => name === (search.last ?? '1h'))?.[0];
}

const same = (a: Range, b: Range): boolean => a.from === b.from && a.to === b.to;
