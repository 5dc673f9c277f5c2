import { join } from 'node:path';
import type { Deploy } from '../server/api/contract-deploys.ts';
import { type Company, environmentNames, type EnvironmentName } from './company.ts';
import { build, deploy } from './life/ship.ts';
import { freeLane } from './life/watch.ts';
import { nextOf } from './repositories/commit.ts';
import { isDeployed } from './runner-process.ts';

/** What Territory itself deploys, and where its folder is in the repositories. */
const deployed: readonly {
  readonly app: string;
  readonly repository: string;
  readonly folder: string;
  readonly environments: readonly EnvironmentName[];
}[] = [
  {
    app: 'encoder',
    repository: 'pipeline',
    folder: 'pipeline/encoder',
    environments: ['production'],
  },
  { app: 'site', repository: 'site', folder: 'site', environments: environmentNames },
];

/**
 * Brings the newest release of each application wherever none of it was deployed yet: everything at
 * once, for nobody uses it yet. Resolves when customers can come. Rejects when one does not come up.
 */
export async function firstReleases(company: Company): Promise<void> {
  const { places, say } = company;
  await Promise.all(
    deployed.map(async ({ app, repository, folder, environments }) => {
      const missing: EnvironmentName[] = [];
      for (const name of environments)
        if (!(await isDeployed(places, app, name))) missing.push(name); // oxlint-disable-line no-await-in-loop -- a look at a folder
      if (missing.length === 0) return;
      const { last } = await nextOf(join(places.repositories, repository));
      if (last === undefined) throw new Error(`the repository ${repository} has no release`);
      await build(company, { app, folder: join(places.repositories, folder), version: last });
      say(`deploying ${app} ${last} to ${missing.join(', ')}`);
      await Promise.all(
        missing.map(async (environment) => {
          const { state, reason } = await deployFirst(company, { app, environment, version: last });
          if (state !== 'succeeded')
            throw new Error(`${app} ${last} did not come up in ${environment}: ${reason ?? state}`);
        }),
      );
    }),
  );
}

/** On a slow machine checks have found by then that there is no site yet, and take that for its fault. */
const attempts = 4;

async function deployFirst(company: Company, asked: First): Promise<Deploy> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await freeLane(company, asked.app, asked.environment);
    const one = await deployOrBreak(company, asked); // oxlint-disable-line no-await-in-loop -- as above
    if (one.state !== 'rolled-back' || attempt === attempts) return one;
    company.say(`${asked.app} ${asked.version} went back in ${asked.environment}; once more`);
  }
}

/** The gates go by the same checks: a site that was never there can not pass them. */
const whyBreak = 'the first release: checks found by now that there is no site yet';

async function deployOrBreak(company: Company, asked: First): Promise<Deploy> {
  try {
    const one = await deploy(company, asked);
    // The gates look again at one that had to wait.
    if (one.state !== 'refused') return one;
  } catch (error) {
    if (!String(error).includes('TERR_DEPLOYS_REFUSED')) throw error;
  }
  return deploy(company, { ...asked, breakGlass: whyBreak });
}

interface First {
  readonly app: string;
  readonly version: string;
  readonly environment: EnvironmentName;
}
