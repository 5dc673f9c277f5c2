import type { ReactNode } from 'react';
import type { Input, Source } from '../../rules/backtest/result.ts';
import { formatCount, formatNumber } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { TimeText } from '../kit/TimeText.tsx';

/** What the rules were given, from where, and where nothing is known. */
export function Coverage({ input }: { readonly input: Input }): ReactNode {
  const gaps = input.sources.filter((source) => source.source === 'gap');
  return (
    <section aria-label="What the rules were given">
      {!input.complete && (
        <Notice look="warning">
          <strong className="font-semibold">There are gaps.</strong> Where no events are kept, no
          rule can decide: “nothing” there means “not known”.
        </Notice>
      )}
      {input.complete && !input.warm && (
        <Notice look="warning">
          Before the range some events are missing, so windows were not full at its beginning: the
          first decisions may differ from what would have been.
        </Notice>
      )}
      <div className="flex flex-wrap gap-x-4 gap-y-1 px-3 py-2 text-small text-soft sm:px-5">
        <span>
          {formatNumber(input.events)} events: {formatNumber(input.facts)} facts,{' '}
          {formatNumber(input.readings)} readings
        </span>
        {merged(input.sources).map(([streams, source]) => (
          <span key={`${streams} ${source.from} ${source.source}`}>
            <SourceText streams={streams} source={source} />
          </span>
        ))}
        {input.replaced > 0 && (
          <span title="Events that the same rules had emitted then: they make them anew">
            {formatCount(input.replaced)} of the rules’ own left out
          </span>
        )}
        {input.backfilled > 0 && (
          <span title="Sent long after they happened; taken at the time when they happened">
            {formatCount(input.backfilled)} backfilled
          </span>
        )}
        {gaps.length === 0 && input.complete && <span>no gaps</span>}
      </div>
    </section>
  );
}

const words: Readonly<Record<Source['source'], string>> = {
  log: 'from the log, as they arrived',
  history: 'from history, in the order of their own time',
  gap: 'nothing kept',
};

/** Facts and readings that were read alike are said once. */
function merged(sources: readonly Source[]): readonly (readonly [streams: string, Source])[] {
  const byWhat = new Map<string, readonly [string, Source]>();
  for (const source of sources) {
    const what = [source.from, source.to, source.source, source.why].join(' ');
    const known = byWhat.get(what);
    byWhat.set(what, [known ? `${known[0]} and ${source.stream}` : source.stream, source]);
  }
  return [...byWhat.values()];
}

function SourceText(props: { readonly streams: string; readonly source: Source }): ReactNode {
  const { streams, source } = props;
  return (
    <span className={source.source === 'gap' ? 'text-warning' : ''}>
      {streams} <TimeText at={source.from} /> – <TimeText at={source.to} />: {words[source.source]}
      {source.why !== undefined && `, ${source.why}`}
    </span>
  );
}
