import type { ReactNode } from 'react';
import { type MeaningName, meanings } from './meanings.ts';

const idOf = (name: string): string => `means-${name}`;

/** The name of a number; pressing it says what it means. `Meanings` must stand on the same page. */
export function Meaning(props: {
  readonly of: MeaningName;
  /** Another text than the word itself. */
  readonly children?: ReactNode;
}): ReactNode {
  const [word] = meanings[props.of];
  return (
    <button
      type="button"
      popoverTarget={idOf(props.of)}
      className="inline-block min-h-6 text-left text-small text-faint underline decoration-dotted underline-offset-3 hover:text-ink print:no-underline"
    >
      {props.children ?? word}
    </button>
  );
}

/** All meanings of the page, each shown when its word is pressed. */
export function Meanings(): ReactNode {
  return Object.entries(meanings).map(([name, [word, means]]) => (
    <div
      key={name}
      id={idOf(name)}
      popover="auto"
      className="m-auto w-[min(30rem,calc(100vw-1.5rem))] rounded-large border border-line bg-raised p-4 text-ink shadow-float"
    >
      <p className="mb-1 text-lead font-semibold">{word}</p>
      <p className="text-soft">{means}</p>
    </div>
  ));
}
