import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { RangeDialog } from '../../kit/RangeDialog.tsx';
import { Segmented } from '../../kit/Segmented.tsx';
import type { Span } from './moments.ts';
import { type Speed, speeds } from './use-playback.ts';
import { type Chosen, windows } from './window.ts';

interface ControlsProps {
  readonly isPlaying: boolean;
  readonly onPlay: () => void;
  readonly speed: Speed;
  readonly onSpeed: (speed: Speed) => void;
  readonly skipsQuiet: boolean;
  readonly onSkipsQuiet: (skips: boolean) => void;
  readonly chosen: Chosen;
  readonly span: Span;
  readonly onChoose: (chosen: Chosen) => void;
  /** The past is looked at. */
  readonly isPast: boolean;
  readonly onNow: () => void;
}

/** Play, how fast, which part of the past, and the way back to now. */
export function Controls(props: ControlsProps): ReactNode {
  const { isPlaying, speed, chosen, span } = props;
  const [custom, setCustom] = useState(false);
  const zone = useZone();
  return (
    <div className="flex flex-wrap items-center gap-2 print:hidden">
      <Button icon={isPlaying ? 'pause' : 'play'} onClick={props.onPlay}>
        {isPlaying ? 'Pause' : 'Play'}
      </Button>
      <label className="flex items-center gap-1.5">
        <span className="sr-only">Speed</span>
        <select
          className="control w-auto"
          value={speed}
          onChange={(e) => {
            const found = speeds.find((one) => one === e.target.value);
            if (found) props.onSpeed(found);
          }}
        >
          {speeds.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-h-8 items-center gap-1.5 text-soft max-sm:hidden">
        <input
          type="checkbox"
          checked={props.skipsQuiet}
          onChange={(e) => props.onSkipsQuiet(e.target.checked)}
        />
        Skip quiet time
      </label>
      <span className="grow" />
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label="Window of time"
          value={'name' in chosen ? chosen.name : undefined}
          options={windows}
          onChange={(name) => props.onChoose({ name })}
        />
      </div>
      <Button icon="clock" aria-pressed={'span' in chosen} onClick={() => setCustom(true)}>
        {'span' in chosen
          ? `${formatTime(span.from, zone).slice(5, 16)} – ${formatTime(span.to, zone).slice(5, 16)}`
          : 'From – to'}
      </Button>
      <Button
        look={props.isPast ? 'primary' : 'plain'}
        aria-pressed={!props.isPast}
        onClick={props.onNow}
      >
        Now
      </Button>
      {custom && (
        <RangeDialog
          range={span}
          onClose={() => setCustom(false)}
          onChoose={(from, to) => {
            setCustom(false);
            props.onChoose({ span: { from, to } });
          }}
        />
      )}
    </div>
  );
}
