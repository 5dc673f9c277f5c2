import type { Context } from '../room.ts';
import { deploysError } from './errors.ts';
import type { DeployRecord } from './record.ts';
import type { DeploysState } from './state.ts';

const maxName = 200;
const maxText = 500;

/** Throws TERR_DEPLOYS_UNKNOWN. */
export function deployHere({ deploys }: DeploysState, id: string): DeployRecord {
  const deploy = deploys.get(id);
  if (deploy) return deploy;
  throw deploysError('UNKNOWN', `there is no deploy ${id.slice(0, 64)}, or it is forgotten`);
}

/** Throws TERR_DEPLOYS_FENCED when the deploy does not run under this token. */
export function leased(state: DeploysState, id: string, token: number): DeployRecord {
  const deploy = deployHere(state, id);
  if (deploy.state === 'running' && deploy.token === token) return deploy;
  const now =
    deploy.token === token
      ? `the deploy is ${deploy.state}${deploy.because === undefined ? '' : `: ${deploy.because}`}`
      : `${token} is not the token of its lease`;
  throw deploysError('FENCED', `${now}; stop the job and put nothing more`);
}

/** Throws TERR_DEPLOYS_STATE when it is over. */
export function openHere(state: DeploysState, id: string): DeployRecord {
  const deploy = deployHere(state, id);
  if (deploy.state === 'waiting' || deploy.state === 'running') return deploy;
  throw deploysError('STATE', `deploy ${id} is over: ${deploy.state}`);
}

/** Throws TERR_DEPLOYS_STATE when it does not wait. */
export function waitingHere(state: DeploysState, id: string): DeployRecord {
  const deploy = deployHere(state, id);
  if (deploy.state === 'waiting') return deploy;
  throw deploysError('STATE', `deploy ${id} does not wait any more: it is ${deploy.state}`);
}

/** A name as it is printed and stands in subjects. Throws TERR_DEPLOYS_INVALID. */
export function checkedName(text: string, field: string): string {
  const name = text.trim();
  // oxlint-disable-next-line no-control-regex -- names are printed and stand in subjects
  const plain = name !== '' && name.length <= maxName && !/[\u0000-\u001f\u007f]/.test(name);
  const reserved = field === 'environment' && (name === 'all' || name.includes('@'));
  if (plain && !reserved) return name;
  throw invalid(field, `"${name.slice(0, 60)}" is no name of ${field}`);
}

/** Throws TERR_DEPLOYS_INVALID. */
export function checkedText(text: string, field: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= maxText) return trimmed;
  throw invalid(field, `write 1 to ${maxText} characters`);
}

/** Undefined stays undefined, and what is blank is as if it were not said. */
export function optionalText(text: string | undefined, field: string): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : checkedText(text, field);
}

export function invalid(field: string, message: string) {
  return deploysError('INVALID', message, { field });
}

/** Throws TERR_DEPLOYS_FOREIGN. */
export function onlyGatekeepers(is: boolean, { actor }: Context): void {
  if (!is) throw deploysError('FOREIGN', `${actor} is no gatekeeper; ask one`);
}
