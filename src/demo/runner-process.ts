import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SlotFiles } from '../runner/instance/slot-files.ts';
import { locked } from '../runner/instance/slot-lock.ts';
import { end } from '../runner/instance/slot-processes.ts';
import { localHost } from '../runner/job/local-host.ts';
import type { CompanyProcess, Places, Processes } from './company.ts';
import { runnerConfig } from './territory-files.ts';

/** How long an instance may take to finish what it has begun, ms. */
const instanceGrace = 8_000;

const homeOf = (places: Places): string => join(places.home, 'runner', 'home');

/** Starts Territory's runner, which starts the instances again that were deployed before. */
export async function startRunner(
  processes: Processes,
  places: Places,
  { program, env }: { readonly program: readonly string[]; readonly env: Record<string, string> },
): Promise<CompanyProcess> {
  const [command = process.execPath, ...args] = program;
  return processes.start({
    name: 'runner',
    command,
    args: [...args, 'runner', '--config', runnerConfig(places)],
    env,
    restart: true,
  });
}

/**
 * Ends what a runner leaves running on purpose: deploys under way, and instances. What is wished stays
 * wished, so that the next runner starts the instances again and brings the deploys to their end.
 */
export async function endDeployed(places: Places): Promise<void> {
  const home = homeOf(places);
  const host = localHost();
  await Promise.all(
    runsIn(join(home, 'jobs')).map(async (run) => host.cancel(run).catch(() => undefined)),
  );
  const files = new SlotFiles(home);
  await Promise.all(
    (await files.places()).map(async (place) =>
      locked(files.path(place), async () => {
        const file = await files.wish(place);
        if (!file) return;
        const noted = await files.process(place, file.cookie);
        await end(file.cookie, noted?.process ?? undefined, instanceGrace);
      }),
    ),
  );
}

/** Whether something was deployed to an environment before. */
export async function isDeployed(
  places: Places,
  app: string,
  environment: string,
): Promise<boolean> {
  const found = await new SlotFiles(homeOf(places)).places();
  return found.some((place) => place.app === app && place.environment === environment);
}

/** Folders of the processes of deploys. */
function runsIn(jobs: string): readonly string[] {
  if (!existsSync(jobs)) return [];
  return readdirSync(jobs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(jobs, name))
        .filter((run) => /^run-\d+$/.test(run))
        .map((run) => join(jobs, name, run)),
    );
}
