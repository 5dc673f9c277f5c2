import { setTimeout as pause } from 'node:timers/promises';
import { chanceOf } from '../plan/chance.ts';
import { helpdesk, nameOf } from './accounts.ts';
import { answeredFact } from './facts.ts';
import { follow } from './follow.ts';
import { type Office, lasting, send, tellStory, threadOf } from './office.ts';
import { isTrouble, openAlerts } from './watch.ts';

/** How long somebody waits for an answer, s at speed 1. */
const answeredAfter = [25, 70] as const;
/** So many letters wait at most; of more the newest go unanswered. */
const maxWaiting = 20;

/** What the help desk knows when it answers. */
interface Knows {
  /** Titles of alerts about the site that are open. */
  readonly troubles: readonly string[];
}

/** What somebody who wrote is told. Pure. */
export function answerTo(subject: string, { troubles }: Knows): string {
  const [trouble] = troubles;
  const doesNotWork = /\bnot\b|slow|wrong|fail|error|work/i.test(subject);
  if (doesNotWork && trouble !== undefined)
    return `You are right, and it is not you: ${trouble}. We are at it, please try again in some minutes.`;
  if (doesNotWork) return 'It works again here. Please try once more, and tell us if it does not.';
  if (/print|order/i.test(subject)) return 'It is on its way: prints take two working days.';
  if (/invoice/i.test(subject)) return 'The invoice is in the mail with your licence.';
  return 'Thank you. We looked it up, and the answer is in your mail.';
}

/** Answers what customers write, a while later, knowing of the alerts that are open then. */
export async function answerLetters(office: Office): Promise<void> {
  const { company } = office;
  const { signal } = company;
  const chance = chanceOf(company.seed, 'help desk');
  let waiting = 0;
  const where = 'type = "dev.cdevents.ticket.created.0.2.0" and environment = "production"';
  await follow(company, where, ({ subject, data }) => {
    if (subject === undefined || waiting >= maxWaiting) return;
    waiting += 1;
    const after = lasting(company, chance.whole(...answeredAfter));
    void pause(after, undefined, { signal })
      .then(async () => answer(office, { id: subject, about: summaryIn(data) }))
      .catch((error: unknown) => {
        if (!signal.aborted) company.say(`help desk: ${String(error)}`);
      })
      .finally(() => (waiting -= 1));
  });
}

async function answer(
  office: Office,
  { id, about }: { readonly id: string; readonly about: string },
): Promise<void> {
  const { company } = office;
  const alerts = await openAlerts(company);
  const troubles = alerts.filter((one) => isTrouble(one, 'site')).map(({ title }) => title);
  const text = answerTo(about, { troubles });
  const at = company.now();
  await send(office, answeredFact({ id, answer: text }, { at, by: nameOf(helpdesk) }));
  await tellStory(office, {
    kind: 'support',
    text: `“${about}” – ${text}`,
    who: helpdesk,
    link: threadOf(id),
  });
}

/** What the letter is about, as the CDEvent of its case says. */
function summaryIn(data: unknown): string {
  const about = data as { subject?: { content?: { summary?: unknown } } } | undefined; // looked at
  const summary = about?.subject?.content?.summary;
  return typeof summary === 'string' ? summary : 'a letter';
}
