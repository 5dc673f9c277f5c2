import { setTimeout as pause } from 'node:timers/promises';
import { type Work, workOf } from '../plan/work.ts';
import { choose } from './choose.ts';
import { deliver, ship } from './deliver.ts';
import { type Office, applications, lasting } from './office.ts';
import { revert, takeBackWhatWas } from './take-back.ts';
import { untilQuiet } from './watch.ts';

/** How often developers look whether something of theirs was taken back, ms. */
const lookEvery = 2_000;
/**
 * So long after a harmful release the next change waits, however fast the company lives: rules need
 * their time to see it, and a memory that leaks takes longer. ms.
 */
const watched: Readonly<Record<Work['kind'], number>> = {
  good: 0,
  latency: 120_000,
  browser: 120_000,
  migration: 120_000,
  leak: 240_000,
};
/** A company that is started again goes on with its plan after so long, s at speed 1. */
const resumed = 5;

/**
 * The developers: take up what the plan says, one change after the other, and take back what was taken
 * out of production. A company that was stopped goes on where it was.
 */
export async function develop(office: Office): Promise<void> {
  const { company, memory } = office;
  const plan = workOf(company.seed);
  const first = skipTo(plan, memory.known.next);
  const begun = performance.now();
  const offset = first.nth === 0 ? 0 : first.at - resumed;
  await carefully(office, async () => finishWhatWasUnderWay(office));
  let watchedUntil = 0;
  for (let work = first; ; work = plan.next().value) {
    const due = Math.max(watchedUntil, begun + lasting(company, work.at - offset));
    await untilDue(office, due); // oxlint-disable-line no-await-in-loop -- one change after the other
    // oxlint-disable-next-line no-await-in-loop -- as above
    await carefully(office, async () => takeUp(office, work));
    memory.keep({ next: work.nth + 1 });
    watchedUntil = performance.now() + watched[work.kind];
  }
}

function skipTo(plan: Generator<Work, never>, nth: number): Work {
  let work = plan.next().value;
  while (work.nth < nth) work = plan.next().value;
  return work;
}

/** Waits for the time of the next change, and takes back meanwhile what was taken out. */
async function untilDue(office: Office, due: number): Promise<void> {
  const { signal } = office.company;
  do {
    // oxlint-disable-next-line no-await-in-loop -- looked at again and again
    await carefully(office, async () => takeBackWhatWas(office));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(Math.min(lookEvery, Math.max(0, due - performance.now())), undefined, { signal });
  } while (performance.now() < due);
}

/** One change to customers; one that an environment stopped comes off main again. */
async function takeUp(office: Office, work: Work): Promise<void> {
  const { memory } = office;
  const { app } = applications[work.repository];
  const untilOpen = async (): Promise<void> => {
    await untilQuiet(office.company, app);
    await takeBackWhatWas(office);
  };
  await untilOpen();
  const delivery = await deliver(office, await choose(office, work), untilOpen);
  if (delivery?.stoppedBy?.state !== 'failed') return;
  const landing = memory.known.landings.find(({ version }) => version === delivery.version);
  if (landing) await revert(office, [landing]);
}

/** A release that was on its way when the company ended. */
async function finishWhatWasUnderWay(office: Office): Promise<void> {
  const { underWay, landings } = office.memory.known;
  const landing = landings.findLast(({ version }) => version === underWay);
  if (landing) await ship(office, landing, landing.version);
}

/** What goes wrong with one change does not keep developers from the next. */
async function carefully({ company }: Office, work: () => Promise<unknown>): Promise<void> {
  const { signal, say } = company;
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    say(`developers: ${error instanceof Error ? error.message : String(error)}`);
  }
}
