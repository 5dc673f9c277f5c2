import { join } from 'node:path';
import { type Company, environmentNames, type EnvironmentName } from './company.ts';
import { build, deploy } from './life/ship.ts';
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
          const { state, reason } = await deploy(company, { app, environment, version: last });
          if (state !== 'succeeded')
            throw new Error(`${app} ${last} did not come up in ${environment}: ${reason ?? state}`);
        }),
      );
    }),
  );
}
