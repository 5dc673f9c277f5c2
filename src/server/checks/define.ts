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
 * One that can not be told keeps no other from it; the first of them is thrown.
 */
export async function defineAll(
  keeper: ChecksKeeper,
  definitions: ReadonlyMap<string, CheckDefinition>,
  nameOf: (what: string) => string,
): Promise<void> {
  const gone = [...keeper.state.checks.keys()].filter((id) => !definitions.has(id));
  const defined = [...definitions.values()].map((definition): ChecksCommand => ({
    kind: 'define',
    definition,
  }));
  // The new ones first: a check whose name was changed leaves no gap between.
  const early = await handleAll(keeper, defined, nameOf);
  const retired = gone.map((check): ChecksCommand => ({ kind: 'retire', check }));
  const wrong = await handleAll(keeper, retired, nameOf);
  // Those that had no place beside the ones that are gone have it now.
  const again = early.map(({ command }) => command);
  const [first] = [...(await handleAll(keeper, again, nameOf)), ...wrong];
  if (first) throw first.reason;
}

interface Refused {
  readonly command: ChecksCommand;
  readonly reason: unknown;
}

async function handleAll(
  keeper: ChecksKeeper,
  commands: readonly ChecksCommand[],
  nameOf: (what: string) => string,
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (let i = 0; i < commands.length; i += atOnce) {
    const some = commands.slice(i, i + atOnce);
    const handled = some.map((command) => {
      const what = 'check' in command ? command.check : idOf(command);
      return keeper.handle(command, { actor: 'checks', id: nameOf(`${command.kind}/${what}`) });
    });
    // oxlint-disable-next-line no-await-in-loop -- so many at a time
    const results = await Promise.allSettled(handled);
    for (const [n, result] of results.entries()) {
      const command = some[n];
      if (command && result.status === 'rejected') refused.push({ command, reason: result.reason });
    }
  }
  return refused;
}
