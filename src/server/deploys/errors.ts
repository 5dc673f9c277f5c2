import { CodedError, type ErrorKind, defineErrors } from '../../errors/coded-error.ts';
import type { GateWord } from '../../rooms/deploys/deploy.ts';

const refusedKind: ErrorKind = { status: 409, title: 'A gate refuses the deploy' };
// So that it is among those that docs/errors.md has a paragraph on.
defineErrors('DEPLOYS', { REFUSED: refusedKind });

/** A deploy that was refused: with its id, and the words of the gates that refuse it. */
export class RefusedDeploy extends CodedError<'TERR_DEPLOYS_REFUSED'> {
  readonly deploy: string;
  readonly gates: readonly GateWord[];

  constructor(deploy: string, gates: readonly GateWord[]) {
    const why = gates.map(({ rule, reason }) => `${rule}: ${reason}`).join('; ');
    super('TERR_DEPLOYS_REFUSED', refusedKind, why, {});
    this.deploy = deploy;
    this.gates = gates;
  }
}
