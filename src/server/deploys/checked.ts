import type { CheckWord, Knowledge } from '../../rooms/deploys/knowledge.ts';
import type { Policy } from '../../rooms/deploys/record.ts';

/** A version of an application in an environment, and the tag of the checks that are asked. */
export interface CheckPlace {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
  /** With its `@`. */
  readonly tag: string;
}

/** What the checks say of releases. */
export interface CheckAsking {
  /** Undefined: it is not known yet. */
  readonly word: (place: CheckPlace) => Promise<CheckWord | undefined>;
  /** What was kept of the last time that the version ran there. */
  readonly kept: (place: CheckPlace) => CheckWord | undefined;
  /** Told when a word may be another. */
  readonly onChange: (listener: () => void) => void;
}

/** Checks that gate a release where nobody says which. */
export const gateTag = '@gate';

/** What the checks say of a version that wants to go where a policy holds. */
export async function checkedOf(
  checks: CheckAsking | undefined,
  { checks: tag, after }: Policy,
  asked: { readonly app: string; readonly environment: string; readonly version: string },
): Promise<Knowledge['checked']> {
  if (!checks) return undefined;
  const { app: application, environment, version } = asked;
  const place = { application, version, tag: tag ?? gateTag };
  const isAsked = tag !== null && after !== null;
  return {
    before: isAsked ? await checks.word({ ...place, environment: after }) : undefined,
    here: checks.kept({ ...place, environment }),
  };
}
