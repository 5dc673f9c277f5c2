import type { ReactNode } from 'react';

/** What the numbers of a page mean, under them. */
export function Definitions(props: {
  readonly of: readonly (readonly [word: string, means: string])[];
}): ReactNode {
  return (
    <details className="px-3 py-3 sm:px-5">
      <summary className="min-h-6 cursor-pointer text-soft">What the numbers mean</summary>
      <dl className="mt-2 grid max-w-[90ch] gap-x-6 gap-y-1.5 text-small sm:grid-cols-[8rem_minmax(0,1fr)]">
        {props.of.map(([word, means]) => (
          <div key={word} className="contents">
            <dt className="font-semibold">{word}</dt>
            <dd className="mb-1 text-soft sm:mb-0">{means}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-small text-soft">
        The same numbers by program:{' '}
        <a href="/docs/api" className="text-accent underline">
          the API
        </a>
      </p>
    </details>
  );
}
