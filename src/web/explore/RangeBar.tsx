import { type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { RangeDialog } from '../kit/RangeDialog.tsx';
import { Segmented } from '../kit/Segmented.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { type Asked, fittingSteps, presets, reframe } from './asked.ts';
import type { ExploreChange, ExploreSearch } from './search.ts';

interface RangeBarProps {
  readonly search: ExploreSearch;
  readonly asked: Asked;
  /** The range of the answer; undefined until there is one. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly onChange: (change: ExploreChange) => void;
}

/** When, and how finely: presets, a range of one's own, earlier, later, wider, and the bucket. */
export function RangeBar({ search, asked, range, onChange }: RangeBarProps): ReactNode {
  const [custom, setCustom] = useState(false);
  const zone = useZone();
  const isFixed = search.from !== undefined;
  const move = (how: { shift?: number; grow?: number }): void => {
    if (range) onChange({ ...reframe(range, how, Date.now()), live: undefined });
  };
  useHotkeys({
    '[': () => move({ shift: -0.5 }),
    ']': () => move({ shift: 0.5 }),
    '-': () => move({ grow: 2 }),
  });
  const preset = isFixed
    ? undefined
    : presets.find(([value]) => value === (search.last ?? '1h'))?.[0];
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-3 py-2 sm:px-5">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label="Range"
          value={preset}
          options={presets}
          onChange={(last) => onChange({ last, from: undefined, to: undefined, every: undefined })}
        />
      </div>
      <Button icon="clock" aria-pressed={isFixed} onClick={() => setCustom(true)}>
        {isFixed && range
          ? `${formatTime(range.from, zone).slice(0, 16)} – ${formatTime(range.to, zone).slice(0, 16)}`
          : 'From – to'}
      </Button>
      <div className="flex">
        <Button look="quiet" icon="earlier" iconOnly onClick={() => move({ shift: -0.5 })}>
          Earlier
        </Button>
        <Button look="quiet" icon="later" iconOnly onClick={() => move({ shift: 0.5 })}>
          Later
        </Button>
        <Button look="quiet" icon="zoomOut" iconOnly onClick={() => move({ grow: 2 })}>
          Zoom out
        </Button>
      </div>
      <label className="ml-auto flex items-center gap-2 text-soft">
        <span className="label">Bucket</span>
        <select
          className="control w-auto"
          value={search.every ?? ''}
          onChange={(e) => onChange({ every: e.target.value || undefined })}
        >
          <option value="">auto{search.every === undefined ? `, ${asked.every}` : ''}</option>
          {fittingSteps(asked.span).map((step) => (
            <option key={step} value={step}>
              {step}
            </option>
          ))}
        </select>
      </label>
      {custom && range && (
        <RangeDialog
          range={range}
          onClose={() => setCustom(false)}
          onChoose={(from, to) => {
            setCustom(false);
            onChange({
              from: new Date(from).toISOString(),
              to: new Date(to).toISOString(),
              last: undefined,
              live: undefined,
              every: undefined,
            });
          }}
        />
      )}
    </div>
  );
}
