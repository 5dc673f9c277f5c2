import { useQuery } from '@tanstack/react-query';
import { whereQuery } from '../releases/api.ts';

/** Version → the environments in which it stands, by what is known to run. */
export type Standing = ReadonlyMap<string, readonly string[]>;

/** Where the versions of an application stand, and its environments. */
export function useStanding(app: string): {
  readonly environments: readonly string[];
  readonly standing: Standing;
} {
  const { data } = useQuery(whereQuery);
  const lanes = (data?.lanes ?? []).filter((lane) => lane.app === app);
  const standing = new Map<string, string[]>();
  for (const { version, environment } of lanes)
    if (version !== null) standing.set(version, [...(standing.get(version) ?? []), environment]);
  return { environments: lanes.map(({ environment }) => environment), standing };
}
