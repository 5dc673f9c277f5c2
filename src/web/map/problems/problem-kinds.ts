import type { MapProblemView } from '../../../server/api/contract-map.ts';

export type ProblemKind = MapProblemView['kind'];

interface KindWords {
  readonly kind: ProblemKind;
  readonly title: string;
  /** What it means, and what to do about it. */
  readonly means: string;
}

/** The kinds of errors of the map, those that mislead most first. */
export const problemKinds: readonly KindWords[] = [
  {
    kind: 'file',
    title: 'Faults in the file',
    means:
      'The text says something that cannot be meant. With an error, the map stays as it was before.',
  },
  {
    kind: 'contradiction',
    title: 'Contradictions',
    means:
      'What it is said to need is down, and yet it is freshly seen to work: a need may be soft, or gone.',
  },
  {
    kind: 'unexplained',
    title: 'Unexplained',
    means:
      'A process is seen to be bad while everything it is said to need is fine: a need may be missing.',
  },
  {
    kind: 'seen-never-declared',
    title: 'Seen, never declared',
    means: 'Events come from it, and no node of the map is meant by them.',
  },
  {
    kind: 'need-without-effect',
    title: 'Needs without effect',
    means: 'It was bad again and again, and who is said to need it stayed good.',
  },
  {
    kind: 'declared-never-seen',
    title: 'Declared, never seen',
    means: 'No event ever named it: it may be gone, or named otherwise in events.',
  },
  {
    kind: 'stale',
    title: 'Not seen any more',
    means: 'Events named it once, and have not for longer than the map allows.',
  },
];

/** Problems by kind, in that order; kinds without any are left out. The oldest first. */
export function byKind(
  problems: readonly MapProblemView[],
): (KindWords & { readonly problems: readonly MapProblemView[] })[] {
  return problemKinds
    .map((words) => ({
      ...words,
      problems: problems
        .filter(({ kind }) => kind === words.kind)
        .toSorted(
          (a, b) =>
            Number(b.severity === 'error') - Number(a.severity === 'error') || a.since - b.since,
        ),
    }))
    .filter((one) => one.problems.length > 0);
}
