import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type { ChecksCommand } from '../../rooms/checks/room.ts';
import type { ChecksState } from '../../rooms/checks/state.ts';
import type { Keeper } from '../rooms/keeper.ts';

/** Commands that are under way at once: one commit of the log takes them together. */
const atOnce = 64;

type ChecksKeeper = Pick<Keeper<ChecksState, ChecksCommand>, 'state' | 'handle'>;

const idOf = (command: ChecksCommand): string =>
  command.kind === 'define' ? command.definition.id : command.kind;

/**
 * Makes facts of what checks there are by now: those that are new, that are others, and that are gone.
 * What can not be told is thrown, the first of it.
 */
export async function defineAll(
  keeper: ChecksKeeper,
  definitions: ReadonlyMap<string, CheckDefinition>,
  nameOf: (what: string) => string,
): Promise<void> {
  const gone = [...keeper.state.checks.keys()].filter((id) => !definitions.has(id));
  const commands: ChecksCommand[] = [
    // The new ones first: a check whose name was changed leaves no gap between.
    ...[...definitions.values()].map((definition): ChecksCommand => ({
      kind: 'define',
      definition,
    })),
    ...gone.map((check): ChecksCommand => ({ kind: 'retire', check })),
  ];
  for (let i = 0; i < commands.length; i += atOnce) {
    const some = commands.slice(i, i + atOnce).map((command) => {
      const what = 'check' in command ? command.check : idOf(command);
      return keeper.handle(command, { actor: 'checks', id: nameOf(`${command.kind}/${what}`) });
    });
    // oxlint-disable-next-line no-await-in-loop -- so many at a time
    const results = await Promise.allSettled(some);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}
