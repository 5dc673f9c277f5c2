import { type ReactNode, useMemo } from 'react';
import { formatDuration } from '../kit/format.ts';
import { GlyphParts } from '../map/canvas/Glyph.tsx';
import { countsText, reasonText } from '../map/canvas/words.ts';
import { processKey, useCounts, useHealth, useMapModel } from '../map/store.ts';
import { stateWords } from '../map/table/words.ts';

/** More than that can't be read from five metres. */
const tilesAtMost = 6;

/** The key business processes: how each is, in words that carry across a room, and because of what. */
export function ProcessTiles({ now }: { readonly now: number }): ReactNode {
  const processes = useMapModel()?.processes ?? [];
  const sorted = processes.toSorted((a, b) => a.criticality - b.criticality);
  const shown = sorted.slice(0, tilesAtMost);
  if (shown.length === 0) return null;
  return (
    <ul aria-label="Business processes" className="wall-tiles" data-many={shown.length > 4}>
      {shown.map(({ id, title }) => (
        <Tile key={id} id={processKey(id)} title={title} now={now} />
      ))}
      {sorted.length > shown.length && (
        <More ids={sorted.slice(tilesAtMost).map(({ id }) => processKey(id))} />
      )}
    </ul>
  );
}

/** Those without a tile are at least counted: none of them is down without a word. */
function More({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const key = ids.join(' ');
  const stable = useMemo(() => key.split(' '), [key]);
  const counts = useCounts(stable);
  return (
    <li className="wall-more">
      and {ids.length} less critical: {countsText(counts)}
    </li>
  );
}

function Tile(props: {
  readonly id: string;
  readonly title: string;
  readonly now: number;
}): ReactNode {
  const { id, title, now } = props;
  const health = useHealth(id);
  const { shown, since } = health;
  const titleOf = useMapModel()?.titleOf ?? ((one: string) => one);
  const reason = reasonText(health, titleOf);
  return (
    <li className={`wall-tile wall-${shown}`}>
      <p className="wall-tile-head">
        <span className="wall-tile-title">{title}</span>
        {since !== null && shown !== 'ok' && (
          <span className="wall-tile-since">{sinceText(now - since)}</span>
        )}
      </p>
      <p className="wall-tile-word">
        <svg aria-hidden="true" viewBox="0 0 12 12" className="wall-glyph">
          <GlyphParts state={shown} />
        </svg>
        {stateWords[shown]}
      </p>
      <p className="wall-tile-because">
        {reason === '' && shown === 'no-evidence' ? 'nothing says how it is' : reason}
      </p>
    </li>
  );
}

/** To the minute: nobody counts seconds of hours. */
const sinceText = (ms: number): string =>
  ms < 60_000 ? 'just now' : `for ${formatDuration(Math.floor(ms / 60_000) * 60_000)}`;
