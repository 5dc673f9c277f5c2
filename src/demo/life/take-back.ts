import { revertChange, nextOf } from '../repositories/commit.ts';
import { type Delivery, ship, tag, tellMerged } from './deliver.ts';
import { revertId, toRevert } from './judge.ts';
import type { Landing } from './memory.ts';
import { type Office, applications, folderOf } from './office.ts';
import { deploysOf, untilQuiet } from './watch.ts';

/** Takes off main what was taken out of production, once its alert is over, and ships what is left. */
export async function takeBackWhatWas(office: Office): Promise<void> {
  const { company, memory } = office;
  for (const { app, repository } of Object.values(applications)) {
    // oxlint-disable-next-line no-await-in-loop -- one application after the other
    const deploys = await deploysOf(company, app);
    const due = toRevert(memory.known.landings, deploys, { app, repository });
    if (due.length === 0) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await untilQuiet(company, app);
    await revert(office, due); // oxlint-disable-line no-await-in-loop -- as above
  }
}

/** Reverts changes of one repository, the newest first, and ships one release without them. */
export async function revert(
  office: Office,
  due: readonly Landing[],
): Promise<Delivery | undefined> {
  const { company, memory } = office;
  let last;
  for (const landing of due) {
    const folder = folderOf(company, landing.repository);
    const { number } = await nextOf(folder); // oxlint-disable-line no-await-in-loop -- git, one after the other
    // oxlint-disable-next-line no-await-in-loop -- as above
    last = await revertChange(folder, landing, { number, now: company.now });
    await tellMerged(office, last, true); // oxlint-disable-line no-await-in-loop -- as above
    memory.keep({
      landings: memory.known.landings.map((one) =>
        one.merge === landing.merge ? { ...one, reverted: true } : one,
      ),
    });
  }
  if (last === undefined) return undefined;
  const version = await tag(office, last);
  const { repository, merge, number, title, card, author } = last;
  const landing = { repository, merge, number, title, card, author };
  const id = `${revertId}${number}`;
  memory.keep({
    landings: [...memory.known.landings, { ...landing, id, version, reverted: false }],
    underWay: version,
  });
  return ship(office, last, version);
}
