import type { ReactNode } from 'react';

const arrows = [
  ['a -> b', 'work or requests flow from a to b; carries no health'],
  ['a => b', 'a cannot work without b: b down, a down'],
  ['a ~> b', 'a gets on without b: b down, a at risk'],
  ['a => web/* need 2', 'a needs any 2 of the nodes that web/* means'],
  ['a ^> b after 30m', 'what a cannot solve goes to b after 30 min'],
] as const;

const fields = [
  ['quadrant', 'development, pipeline, production or support'],
  ['kind', 'what it is drawn as: app, database, queue, step, role…'],
  ['service, host, source', 'by what its events name it; may end in *'],
  ['owner, runbook', 'who answers for it, and what to do'],
  ['group', 'nodes of one group are drawn as one until opened'],
] as const;

/** The little that most changes of a map need, beside its text. */
export function EdgeReference(): ReactNode {
  return (
    <section aria-labelledby="map-reference">
      <h2 id="map-reference" className="font-semibold">
        How to write it
      </h2>
      <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-small">
        {arrows.map(([written, means]) => (
          <div key={written} className="contents">
            <dt className="font-mono whitespace-nowrap">{written}</dt>
            <dd className="text-soft">{means}</dd>
          </div>
        ))}
      </dl>
      <dl className="mt-3 text-small">
        {fields.map(([written, means]) => (
          <div key={written} className="mb-1">
            <dt className="font-mono">{written}</dt>
            <dd className="text-soft">{means}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
