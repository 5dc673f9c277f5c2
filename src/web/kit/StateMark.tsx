import type { ReactNode } from 'react';

const shapes = {
  ok: ['text-ok', <circle key="s" cx="6" cy="6" r="3.8" />],
  warning: ['text-warning', <path key="s" d="M6 1.5l5 9H1z" />],
  critical: ['text-critical', <path key="s" d="M1.7 1.7h8.6v8.6H1.7z" />],
  unknown: ['text-unknown', <path key="s" d="M6 .8L11.2 6 6 11.2.8 6z" />],
} as const;

type Known = keyof typeof shapes;
const isKnown = (state: string): state is Known => state in shapes;

interface StateMarkProps {
  readonly state: string;
  /** The word, where it is another than the state itself. */
  readonly word?: string;
}

/** A state by word, shape and colour: a disc, a triangle, a square, a diamond; a ring for others. */
export function StateMark({ state, word = state }: StateMarkProps): ReactNode {
  const [colour, shape] = isKnown(state)
    ? shapes[state]
    : ['text-soft', <circle key="s" cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" />];
  return (
    <span className={`flex min-w-0 items-center gap-1 ${colour}`}>
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-2.5 shrink-0" fill="currentColor">
        {shape}
      </svg>
      <span className="truncate">{word}</span>
    </span>
  );
}
