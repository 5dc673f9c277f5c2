import { parse } from '@cucumber/tag-expressions';
import { checksErrors } from '../errors.ts';
import type { PlannedScenario } from '../language/plan.ts';
import type { World } from '../run/world.ts';
import { valuesOfTag } from '../language/tags.ts';

/**
 * Whether tags are what an expression asks for, such as `@gate and not @app(shop)` (Cucumber's tag
 * expressions). Throws TERR_CHECKS_TAGS.
 */
export function tagFilter(expression: string): (tags: readonly string[]) => boolean {
  // The brackets of a tag's value are not those of the expression.
  const escaped = expression.replaceAll(
    /(@[\w-]+)\(([^()]*)\)/g,
    (_, name: string, value: string) => `${name}\\(${value.replaceAll(' ', '\\ ')}\\)`,
  );
  try {
    const node = parse(escaped);
    return (tags) => node.evaluate([...tags]);
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('\\', '') : String(error);
    throw checksErrors('TAGS', `"${expression}" is no expression of tags: ${why}`, {
      field: '--tags',
      cause: error,
    });
  }
}

/** Why a scenario is not for an environment; undefined: it is, or nobody said which one it is. */
export function notForHere(
  { scenario: { tags } }: Pick<PlannedScenario<World>, 'scenario'>,
  environment: string | undefined,
): string | undefined {
  const wanted = valuesOfTag(tags, '@env');
  if (environment === undefined || wanted.length === 0 || wanted.includes(environment))
    return undefined;
  return `@env: it is for ${wanted.join(', ')}`;
}
