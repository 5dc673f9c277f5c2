import { runnerErrors } from '../errors.ts';
import type { Journal, JournalNote } from './strategy.ts';

type Data = NonNullable<JournalNote['data']>;

/** The note that customers are at the new instances: from there on a deploy can be finished. */
const switchedStep = 'switched';
const backStep = 'back';

/**
 * Whether the switch was done when these notes were written: whoever finds a deploy that was killed
 * may then call `forward` again to finish it, and before that `back`.
 */
export const switched = (notes: readonly JournalNote[]): boolean =>
  notes.some((n) => n.step === switchedStep) && !notes.some((n) => n.step === backStep);

/** The steps of one execution, by its journal. */
export class Steps {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** Whether a step may have changed something: `doing` is written before it does. */
  began(step: string): boolean {
    return this.journal.notes.some((n) => n.step === step);
  }

  done(step: string): boolean {
    return this.journal.notes.some((n) => n.step === step && n.mark === 'done');
  }

  data(step: string): Data | undefined {
    return this.journal.notes.findLast((n) => n.step === step && n.data)?.data;
  }

  /** Does a step unless it was done already. Half done it is done once more: each bears that. */
  async once(step: string, act: () => Promise<void>): Promise<void> {
    if (this.done(step)) return;
    await this.journal.write({ step, mark: 'doing' });
    await act();
    await this.journal.write({ step, mark: 'done' });
  }

  async note(step: string, data?: Data): Promise<void> {
    if (!this.done(step)) await this.journal.write({ step, mark: 'done', ...(data && { data }) });
  }

  async switched(): Promise<void> {
    await this.note(switchedStep);
  }

  /** Throws TERR_RUNNER_STRATEGY when the way back has begun: there is no forward after that. */
  forward(): void {
    if (this.began(backStep))
      throw runnerErrors('STRATEGY', 'the way back has begun; start a new deploy');
  }

  async back(mark: JournalNote['mark']): Promise<void> {
    await this.journal.write({ step: backStep, mark });
  }
}
