import { setTimeout as pause } from 'node:timers/promises';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import type { EnvironmentName } from '../company.ts';
import { chanceOf } from '../plan/chance.ts';
import type { Change } from '../repositories/changes.ts';
import {
  type Branched,
  type Landed,
  branchChange,
  mergeBranch,
  nextOf,
  tagRelease,
} from '../repositories/commit.ts';
import { people } from '../repositories/people.ts';
import { nameOf } from './accounts.ts';
import { checkCommit, part, runThrough } from './builder.ts';
import { type Run, artifactOf, changeFact } from './facts.ts';
import {
  type Application,
  type Office,
  addressOf,
  applications,
  companyAs,
  deployPage,
  folderOf,
  lasting,
  send,
  tellStory,
  threadOf,
} from './office.ts';
import { numberOf, toRevert } from './judge.ts';
import { deployPipeline } from './pipeline.ts';
import { build, deploy, verified } from './ship.ts';
import { deploysOf, freeLane, untilQuiet } from './watch.ts';

/** A reviewer takes so long, s at speed 1. */
const review = [3, 8] as const;

/** How a release came along. */
export interface Delivery {
  readonly version: string;
  /** The deploy that did not succeed; undefined also when it was held on its way, or not built. */
  readonly stoppedBy: Deploy | undefined;
  readonly arrived: boolean;
}

/**
 * A change from a developer's hands to customers: a branch, a pull request, checks, a review, main, a
 * release, and the environments one after the other. Undefined when its checks keep it from main.
 *
 * @param untilOpen resolves when main may be changed
 */
export async function deliver(
  office: Office,
  change: Change,
  untilOpen: () => Promise<void>,
): Promise<Delivery | undefined> {
  const { company, memory } = office;
  const { repository, id } = change;
  const folder = folderOf(company, repository);
  const asked = await nextOf(folder);
  const branched = await branchChange(folder, change, { ...asked, now: company.now });
  if (!(await checked(office, branched, asked.number))) return undefined;
  await untilOpen();
  const landed = await mergeBranch(folder, branched, { ...asked, now: company.now });
  await tellMerged(office, landed);
  const version = await tag(office, landed);
  memory.keep({
    landings: [...memory.known.landings, { ...landed, id, version, reverted: false }],
    underWay: version,
  });
  return ship(office, landed, version);
}

/** Opens the pull request, runs its checks and has it reviewed; whether it may go on. */
async function checked(office: Office, branched: Branched, number: number): Promise<boolean> {
  const { company, memory } = office;
  const { repository, author, title, card, commit, branch } = branched;
  const { now, signal } = company;
  await tellStory(office, {
    kind: 'committed',
    text: `${title} (${card})`,
    who: author,
    link: threadOf(commit),
  });
  const address = addressOf(company, repository);
  const revision = { repository: address, commit, ref: branch, refType: 'branch' } as const;
  const request = { number, title, card, revision };
  const by = nameOf(author);
  await send(office, changeFact('created', request, { at: now(), by }));
  const id = `${repository}-${memory.nextRun()}`;
  const url = `${company.territory.url}${threadOf(id)}`;
  const of: Run = { id, pipeline: 'checks', revision, by, url, change: number };
  const { outcome, reason } = await checkCommit(office, folderOf(company, repository), of);
  if (outcome === 'failure') {
    company.say(`${repository} #${number} does not get through its checks: ${reason ?? ''}`);
    await send(office, changeFact('abandoned', request, { at: now(), by }));
    return false;
  }
  const chance = chanceOf(company.seed, `review of ${repository}#${number}`);
  await pause(lasting(company, chance.whole(...review)), undefined, { signal });
  const reviewer = people[repository].find(({ email }) => email !== author.email) ?? author;
  await send(office, changeFact('reviewed', request, { at: now(), by: nameOf(reviewer) }));
  return true;
}

/** Tells that a change is on main. */
export async function tellMerged(office: Office, landed: Landed, reverts = false): Promise<void> {
  const { number, title, merge, reviewer } = landed;
  await tellStory(office, {
    kind: reverts ? 'reverted' : 'merged',
    text: `#${number} ${title}`,
    who: reviewer,
    link: threadOf(merge),
  });
}

/** Makes the next release of what is on main; gives its tag. */
export async function tag(office: Office, landed: Landed): Promise<string> {
  const { company } = office;
  const folder = folderOf(company, landed.repository);
  const { tag: version } = await nextOf(folder);
  await tagRelease(folder, version, { now: company.now, by: landed.author });
  return version;
}

/** What a release is shipped for. */
export type For = Pick<Landed, 'repository' | 'merge' | 'author'>;

/** Builds a release and takes it through its environments, as far as it goes. */
export async function ship(office: Office, landed: For, version: string): Promise<Delivery> {
  const { company, memory } = office;
  const { repository } = landed;
  const application = applications[repository];
  const delivery = (await built(office, landed, version))
    ? await throughAll(office, application, { ...landed, version })
    : { version, stoppedBy: undefined, arrived: false };
  if (repository === 'pipeline' && delivery.arrived) await deployPipeline(company);
  memory.keep({ underWay: null });
  return delivery;
}

async function built(office: Office, landed: For, version: string): Promise<boolean> {
  const { company, memory } = office;
  const { repository, merge, author } = landed;
  const { app, folder } = applications[repository];
  const id = `${repository}-${memory.nextRun()}`;
  const run: Run = {
    id,
    pipeline: 'release',
    revision: {
      repository: addressOf(company, repository),
      commit: merge,
      ref: 'main',
      refType: 'branch',
    },
    by: nameOf(author),
    url: `${company.territory.url}${threadOf(id)}`,
  };
  const work = async (): Promise<void> => {
    await build(company, { app, folder: `${company.places.repositories}/${folder}`, version });
  };
  const { outcome, reason } = await runThrough(office, run, [
    async () =>
      part(office, run, { kind: 'build', name: app, artifact: artifactOf(app, version), work }),
  ]);
  if (outcome === 'failure') {
    company.say(`${app} ${version} can not be built: ${reason ?? ''}`);
    return false;
  }
  const link = `/releases/${encodeURIComponent(app)}/artefacts/${encodeURIComponent(version)}`;
  await tellStory(office, { kind: 'built', text: `${app} ${version}`, who: author, link });
  return true;
}

async function throughAll(
  office: Office,
  application: Application,
  release: For & { readonly version: string },
): Promise<Delivery> {
  const { version } = release;
  const { app, environments } = application;
  for (const environment of environments) {
    // oxlint-disable-next-line no-await-in-loop -- only what was good there goes on
    if (environment === 'production' && (await isHeld(office, application, version)))
      return { version, stoppedBy: undefined, arrived: false };
    // oxlint-disable-next-line no-await-in-loop -- as above
    const one = await into(office, environment, { ...release, app });
    if (one.state !== 'succeeded') return { version, stoppedBy: one, arrived: false };
  }
  return { version, stoppedBy: undefined, arrived: true };
}

/**
 * Whether a release that is about to go to customers has a change in it that was taken out of production
 * while it was on its way: it stays where it is, and the one that takes the change off brings the rest.
 */
async function isHeld(office: Office, of: Application, version: string): Promise<boolean> {
  const { company, memory } = office;
  await untilQuiet(company, of.app);
  const due = toRevert(memory.known.landings, await deploysOf(company, of.app), of);
  return due.some((landing) => numberOf(landing.version) <= numberOf(version));
}

async function into(
  office: Office,
  environment: EnvironmentName,
  { app, version, author }: For & { readonly app: string; readonly version: string },
): Promise<Deploy> {
  const { company } = office;
  await freeLane(company, app, environment);
  const asked = { app, version, environment, wait: true };
  const one = await deploy(companyAs(office, author), asked);
  const done = one.state === 'succeeded';
  await tellStory(office, {
    kind: 'deployed',
    text: done
      ? `${app} ${version} runs in ${environment}`
      : `${app} ${version} in ${environment}: ${one.state}${one.reason === null ? '' : `, ${one.reason}`}`,
    who: author,
    link: deployPage(one.id),
  });
  return done ? verified(company, one) : one;
}
