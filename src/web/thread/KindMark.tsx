import type { ReactNode } from 'react';

const shapes = {
  wish: ['text-unknown', <path key="s" d="M6 .8L11.2 6 6 11.2.8 6z" />],
  code: ['text-accent', <circle key="s" cx="6" cy="6" r="3.8" />],
  build: ['text-soft', <path key="s" d="M3.4 1.5h5.2L11.2 6l-2.6 4.5H3.4L.8 6z" />],
  live: ['text-ok', <path key="s" d="M6 1.2l5 9.3H1z" />],
  trouble: ['text-critical', <path key="s" d="M1.7 1.7h8.6v8.6H1.7z" />],
  other: ['text-soft', <circle key="s" cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" />],
} as const;

const groups: Readonly<Record<string, keyof typeof shapes>> = {
  card: 'wish',
  ticket: 'wish',
  commit: 'code',
  change: 'code',
  tag: 'code',
  release: 'build',
  build: 'build',
  task: 'build',
  artifact: 'build',
  deployment: 'live',
  alert: 'trouble',
  incident: 'trouble',
  case: 'trouble',
  condition: 'trouble',
};

/**
 * The kind of a thing by shape and colour, beside its word: a diamond what was wished for, a disc
 * code, a hexagon what was built, a triangle what runs, a square trouble, a ring the rest.
 */
export function KindMark({ kind }: { readonly kind: string }): ReactNode {
  const [colour, shape] = shapes[groups[kind] ?? 'other'];
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 12 12"
      fill="currentColor"
      className={`size-3 shrink-0 ${colour}`}
    >
      {shape}
    </svg>
  );
}
