import { type ReactNode, useMemo } from 'react';
import type { HealthWord } from '../../server/api/contract-map.ts';
import { Button } from '../kit/Button.tsx';
import { useNow } from '../kit/clock.ts';
import { formatClock, formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { reasonText } from './canvas/words.ts';
import { type MapModel, processKey, useHealth, useMapState, useOrder } from './store.ts';
import { Ago } from './table/Ago.tsx';
import { HealthMark } from './table/HealthMark.tsx';

const badness: readonly HealthWord[] = ['down', 'degraded', 'at-risk', 'no-evidence', 'ok'];

interface ProcessBarProps {
  readonly model: MapModel;
  /** Id of the process that the picture is about. */
  readonly focus: string | undefined;
  readonly onFocus: (process: string | undefined) => void;
  /** Opens the drawer of `process:<id>`. */
  readonly onOpen: (id: string) => void;
}

/** The key business processes: the most critical first, the worst of them before the others. */
export function ProcessBar({ model, focus, onFocus, onOpen }: ProcessBarProps): ReactNode {
  const ids = useMemo(() => model.processes.map(({ id }) => processKey(id)), [model]);
  const rank = (id: string, state: HealthWord): number =>
    (model.process(id.slice('process:'.length))?.criticality ?? 0) * badness.length +
    badness.indexOf(state);
  const order = useOrder(ids, rank);
  if (ids.length === 0) return null;
  return (
    <section aria-label="Business processes" className="shrink-0 border-b border-line">
      <ul className="grid max-h-[32dvh] grid-cols-1 gap-px overflow-y-auto bg-line sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
        {order.map((id) => (
          <ProcessCard
            key={id}
            id={id}
            model={model}
            isFocused={focus === id.slice('process:'.length)}
            onFocus={onFocus}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  );
}

interface ProcessCardProps extends Omit<ProcessBarProps, 'focus'> {
  readonly id: string;
  readonly isFocused: boolean;
}

const edges: Readonly<Record<HealthWord, string>> = {
  ok: 'border-transparent bg-panel',
  'at-risk': 'border-warning bg-panel',
  degraded: 'border-warning bg-warning-wash',
  down: 'border-critical bg-critical-wash',
  'no-evidence': 'border-unknown border-dotted bg-panel',
};

function ProcessCard({ id, model, isFocused, onFocus, onOpen }: ProcessCardProps): ReactNode {
  const health = useHealth(id);
  const bare = id.slice('process:'.length);
  const reason = reasonText(health, model.titleOf);
  return (
    <li
      className={`relative flex items-start gap-1 border-l-[3px] ${edges[health.shown]} ${isFocused ? 'outline-2 -outline-offset-2 outline-accent' : ''}`}
    >
      <button
        type="button"
        aria-pressed={isFocused}
        title={isFocused ? 'Show all again' : 'Show only what it needs'}
        onClick={() => onFocus(isFocused ? undefined : bare)}
        className="flex min-w-0 grow flex-col gap-0.5 px-3 py-1.5 text-left hover:underline hover:decoration-faint focus-visible:-outline-offset-2 sm:px-4"
      >
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2.5">
          <span className="text-lead font-semibold wrap-anywhere">{model.titleOf(id)}</span>
          <HealthMark state={health.shown} />
          <Since at={health.since} />
        </span>
        <span className="text-small sm:min-h-4.5 wrap-anywhere text-soft" title={reason}>
          {reason}
        </span>
      </button>
      <Button
        look="quiet"
        icon="later"
        iconOnly
        className="mt-1 mr-1"
        onClick={() => onOpen(id)}
      >{`Details of ${model.titleOf(id)}`}</Button>
    </li>
  );
}

const dayMs = 86_400_000;

function Since({ at }: { readonly at: number | null }): ReactNode {
  const zone = useZone();
  const state = useMapState();
  const now = useNow();
  if (at === null) return null;
  const past = state.kind === 'past' ? state.at : undefined;
  const isToday = (past ?? now) - at < dayMs / 2;
  return (
    <span className="text-small text-faint">
      since {isToday ? formatClock(at, zone) : formatTime(at, zone)} (<Ago at={at} past={past} />)
    </span>
  );
}
