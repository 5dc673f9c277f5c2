import type { RepositoryName } from './history.ts';
import type { Person } from './people.ts';

/** As a forge words the commit that brings a pull request in. */
export function mergeMessage(merge: {
  readonly repository: RepositoryName;
  readonly number: number;
  readonly branch: string;
  readonly card: string | undefined;
  readonly title: string;
  readonly reviewer: Person;
}): string {
  const { repository, number, branch, card, title, reviewer } = merge;
  return [
    `Merge pull request #${number} from newsroom/${branch}`,
    '',
    card === undefined ? title : `${card}: ${title}`,
    '',
    ...(card === undefined ? [] : [`Card: ${card}`]),
    `Pull-Request: newsroom/${repository}#${number}`,
    `Reviewed-by: ${reviewer.name} <${reviewer.email}>`,
  ].join('\n');
}
