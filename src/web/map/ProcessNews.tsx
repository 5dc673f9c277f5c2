import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { HealthWord } from '../../server/api/contract-map.ts';
import { spokenText } from './canvas/words.ts';
import { type MapModel, processKey, useMapFeed } from './store.ts';

/** Nobody can listen to more, ms. */
const atMostEveryMs = 5_000;

/** Says to those who listen to the page which processes have changed, at most once in five seconds. */
export function ProcessNews({ model }: { readonly model: MapModel }): ReactNode {
  const feed = useMapFeed();
  const [said, setSaid] = useState('');
  const ids = useMemo(() => model.processes.map(({ id }) => processKey(id)), [model]);
  useEffect(() => {
    const statesNow = (): Map<string, HealthWord> =>
      new Map(ids.map((id) => [id, feed.health(id).shown]));
    let known = statesNow();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let saidAt = 0;
    const say = (): void => {
      waiting = undefined;
      const now = statesNow();
      const changed = ids.filter((id) => now.get(id) !== known.get(id));
      known = now;
      // Of the past nothing is news.
      if (changed.length === 0 || feed.state().kind === 'past') return;
      saidAt = Date.now();
      setSaid(
        changed
          .map((id) => `${model.titleOf(id)} is ${spokenText(feed.health(id), model.titleOf)}.`)
          .join(' '),
      );
    };
    const stop = feed.listeners.onHealth(ids, () => {
      waiting ??= setTimeout(say, Math.max(0, saidAt + atMostEveryMs - Date.now()));
    });
    return () => {
      clearTimeout(waiting);
      stop();
    };
  }, [feed, ids, model]);
  return (
    <p aria-live="polite" className="sr-only" data-news>
      {said}
    </p>
  );
}
