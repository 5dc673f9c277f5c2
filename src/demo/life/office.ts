import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Draft } from '../../event/event.ts';
import { tell as tellRoom } from '../chaos/telling.ts';
import type { Told } from '../../server/api/contract-demo.ts';
import type { Company, EnvironmentName } from '../company.ts';
import type { RepositoryName } from '../repositories/history.ts';
import type { AskAs } from './accounts.ts';
import type { Memory } from './memory.ts';
import type { Person } from '../repositories/people.ts';

/** Where the company's people work: what each of their doings needs. */
export interface Office {
  readonly company: Company;
  readonly as: AskAs;
  readonly memory: Memory;
}

/** What Territory deploys of the company, and where its folder is in the repositories. */
export interface Application {
  readonly app: string;
  readonly repository: RepositoryName;
  /** Below the folder of the repositories. */
  readonly folder: string;
  readonly environments: readonly EnvironmentName[];
}

export const applications: Readonly<Record<RepositoryName, Application>> = {
  site: {
    app: 'site',
    repository: 'site',
    folder: 'site',
    environments: ['integration', 'staging', 'production'],
  },
  pipeline: {
    app: 'encoder',
    repository: 'pipeline',
    folder: 'pipeline/encoder',
    environments: ['production'],
  },
};

/** The work tree of a repository. */
export const folderOf = ({ places }: Company, repository: RepositoryName): string =>
  join(places.repositories, repository);

/** The address under which facts of git tell of a repository. */
export const addressOf = (company: Company, repository: RepositoryName): string =>
  pathToFileURL(folderOf(company, repository)).href;

/** Something of the story, for whoever watches. */
export interface Telling {
  readonly kind: Told['kind'];
  readonly text: string;
  readonly who?: Person;
  /** A page of the console. */
  readonly link: string;
}

/** Tells of the story; what can't be told is said and is no reason to stop working. */
export async function tellStory(
  { company }: Pick<Office, 'company'>,
  { kind, text, who, link }: Telling,
): Promise<void> {
  await carefully(company, async () =>
    tellRoom(company, 'demo.told', {
      subject: 'demo',
      data: { kind, text, link, ...(who === undefined ? {} : { who: who.name }) },
    }),
  );
}

/** Sends facts of the company's tools. */
export async function send({ company }: Pick<Office, 'company'>, ...facts: readonly Draft[]) {
  for (const fact of facts) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await carefully(company, async () => company.territory.ask('POST', '/api/v1/events', fact));
  }
}

/** What fails is said, unless the company ends. */
async function carefully({ say, signal }: Company, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    say(`life: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The company as somebody of it reaches the server. */
export const companyAs = ({ company, as }: Office, person: Person): Company => ({
  ...company,
  territory: { ...company.territory, ask: as(person) },
});

/** Page of the console with the thread of something. */
export const threadOf = (of: string): string => `/thread?of=${encodeURIComponent(of)}`;
/** Page of the console with a deploy. */
export const deployPage = (id: string): string => `/deploys/${encodeURIComponent(id)}`;

/** ms of so many seconds at speed 1. */
export const lasting = ({ speed }: Pick<Company, 'speed'>, seconds: number): number =>
  (seconds * 1000) / speed;
