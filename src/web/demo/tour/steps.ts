import type { TourStep } from '../../../server/api/contract-demo.ts';

/** What happened lately of a step that lies ahead. */
export interface Ahead {
  /** From 1. */
  readonly at: number;
  readonly step: TourStep;
  readonly happened: NonNullable<TourStep['happened']>;
}

/** The newest that has happened ahead of step `at` since then, ms; those behind were seen. */
export function aheadOf(steps: readonly TourStep[], at: number, since: number): Ahead | undefined {
  return steps
    .flatMap((step, index) => {
      const { happened } = step;
      const isNews = happened !== null && index + 1 > at && happened.at > since;
      return isNews ? [{ at: index + 1, step, happened }] : [];
    })
    .toSorted((a, b) => b.happened.at - a.happened.at)[0];
}

/** Where everything that happens is on the page as it comes, so that one of it alone says less. */
const livePage = '/stream';

/** Where a step leads: to what happened last of it, or to its page. */
export const placeOf = ({ path, happened }: TourStep): string =>
  path === livePage ? path : (happened?.path ?? path);

/** The page of an address, without its search. */
export const pathname = (path: string): string => path.split(/[?#]/, 1)[0] ?? path;

/** Whether a page is one that the step points at something on. */
export const isPageOf = ({ path, happened }: TourStep, here: string): boolean =>
  [path, happened?.path ?? path].some((one) => pathname(one) === here);
