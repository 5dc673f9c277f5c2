import { shortName } from '../../rooms/alerts/names.ts';
import type { Result } from '../../rooms/deploys/deploy.ts';
import type { DeployRecord } from '../../rooms/deploys/record.ts';
import { isOver } from '../../rooms/gates/gate.ts';
import { scopeText } from '../../rooms/gates/scope.ts';
import type { GatesDesk } from '../gates/desk.ts';
import { ownActor } from './ground.ts';

/** So long a lane is locked after it was rolled back, ms. */
const lockedFor = 4 * 3_600_000;

/** Who asks for deploys of what was just built. */
export const promotionActor = 'promotion';

/**
 * Locks the lane of a deploy that went back, so that nobody brings the same again before somebody
 * has looked. The one who asked for it holds the lock, and may say more or release it; what nobody
 * asked for is held by the server. Gives what is to be said of it; undefined when nothing was locked.
 */
export async function lockAfterRollback(
  gates: GatesDesk,
  deploy: DeployRecord,
  { result, now }: { readonly result: Result; readonly now: number },
): Promise<string | undefined> {
  const wentBack =
    result === 'rolled-back' || (deploy.kind === 'rollback' && result === 'succeeded');
  if (!wentBack) return undefined;
  const { app, environment, id } = deploy;
  const scope = { app, environment };
  const held = gates.keeper.state.locks.get(scopeText(scope));
  // Somebody has said already what is to be said.
  if (held && !isOver(held, now)) return undefined;
  const actor = deploy.by === promotionActor ? ownActor : deploy.by;
  const command = shortName('rollback-lock', id);
  const until = now + lockedFor;
  await gates.give(
    { kind: 'lock', scope, reason: reasonOf(deploy, result), until },
    { actor, id: command },
  );
  const lock = gates.keeper.state.locks.get(scopeText(scope));
  return (
    lock &&
    `${scopeText(scope)} is locked until ${new Date(until).toISOString()} (territory unlock ${lock.id})`
  );
}

function reasonOf({ version, previous, id }: DeployRecord, result: Result): string {
  return result === 'rolled-back'
    ? `${version} was rolled back by itself (deploy ${id}): look before it goes out again`
    : `rolled back${previous === undefined ? '' : ` from ${previous}`} to ${version} (deploy ${id}): look before it goes out again`;
}
