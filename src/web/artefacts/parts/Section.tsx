import type { ReactNode } from 'react';
import type { DiffLevel } from '../../../server/api/contract-artefacts.ts';
import { LevelMark } from '../LevelMark.tsx';

/** One part of a difference: its name, how far it reaches, and what is in it. */
export function Section(props: {
  readonly name: string;
  readonly title: string;
  readonly level: DiffLevel;
  readonly summary?: string;
  readonly isEmpty: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const { name, title, level, summary, isEmpty, children } = props;
  return (
    <section
      id={name}
      aria-label={title}
      className="scroll-mt-2 border-b border-line px-3 py-3 sm:px-5"
    >
      <h2 className="flex flex-wrap items-baseline gap-x-3 font-semibold">
        {title}
        <span className="text-small font-normal">
          <LevelMark level={level} />
        </span>
        {summary !== undefined && <span className="font-normal text-soft">{summary}</span>}
      </h2>
      {isEmpty ? <p className="text-soft">Nothing changes.</p> : children}
    </section>
  );
}

const signs = {
  added: ['+', 'text-ok', 'added'],
  removed: ['−', 'text-critical', 'removed'],
  changed: ['~', 'text-warning', 'changed'],
  wrong: ['!', 'text-critical', 'wrong'],
} as const;

/** What happened, by a sign and by a word for those who do not see it. */
export function Sign({ of }: { readonly of: keyof typeof signs }): ReactNode {
  const [sign, colour, word] = signs[of];
  return (
    <span className={`w-3 shrink-0 text-center font-mono font-semibold ${colour}`}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{word}:</span>
    </span>
  );
}

/** One line of a part. */
export function Item(props: {
  readonly of: keyof typeof signs;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <li className="flex items-baseline gap-2 py-0.5">
      <Sign of={props.of} />
      <span className="min-w-0 wrap-anywhere">{props.children}</span>
    </li>
  );
}

/** `2 added, 1 removed`; what there is none of is left out. */
export const summed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');

/** A name as it is written in files. */
export const Name = ({ children }: { readonly children: string }): ReactNode => (
  <code className="font-mono text-small">{children}</code>
);
