import type { Queue } from '../../server/api/contract-deploys.ts';
import type { Where } from '../../server/api/contract-releases.ts';

/** Every environment that is known, in the order of the pipeline, also where nothing waits. */
export function environmentsIn(
  { environments }: Queue,
  where: Where | undefined,
): Queue['environments'] {
  const names = [
    ...(where?.environments ?? []),
    ...environments.map(({ environment }) => environment),
  ];
  return [...new Set(names)].map(
    (environment) =>
      environments.find((one) => one.environment === environment) ?? {
        environment,
        running: [],
        waiting: [],
        reservations: [],
      },
  );
}
