import { proofOf } from '../rollback.ts';
import { isGood, isSame, laneKey } from '../lanes.ts';
import type { GateWord } from '../deploy.ts';
import type { Asking, Words } from './asking.ts';

type Word = Omit<GateWord, 'rule'>;

/** A version comes here after it was verified before, and after going back was rehearsed. */
export function orderWords(asking: Asking): Words {
  return [before(asking), rehearsed(asking)].filter((word) => word !== undefined);
}

function before(asking: Asking): Word | undefined {
  const { question, policy } = asking;
  const { app, version, environment } = question;
  const { after } = policy;
  if (after === null || wasVerified(asking, after)) return undefined;
  return held(asking, {
    reason: `${environment} comes after ${after}, where ${version} was not verified`,
    lifts: `territory deploy ${app} ${version} --to ${after}`,
  });
}

function wasVerified({ state, question, knowledge }: Asking, environment: string): boolean {
  const { app, version } = question;
  const known = state.lanes.get(laneKey({ app, environment }))?.versions.get(version);
  // What was verified under this name may have been another artefact.
  if (known && isGood(known) && isSame(known.digest, knowledge.artefact.digest)) return true;
  const seen = knowledge.standing?.get(environment);
  return known?.bad === undefined && seen?.version === version && seen.verdict === 'verified';
}

function rehearsed(asking: Asking): Word | undefined {
  const { state, question, policy } = asking;
  const { app, version, kind } = question;
  if (!policy.rehearse || kind === 'rehearsal') return undefined;
  const proof = proofOf(state, app, version);
  if (proof?.good === true) return undefined;
  const where = policy.after ?? 'an environment before';
  return held(asking, {
    reason: proof
      ? `going back from ${version} failed when it was rehearsed in ${proof.environment}`
      : `going back from ${version} was not rehearsed`,
    lifts: `territory rehearse ${app} ${version} --in ${where}`,
  });
}

/** What is asked for at a later time may still come to hold until then. */
function held({ when, now }: Asking, word: Omit<Word, 'word'>): Word {
  return when > now ? { ...word, word: 'waits', until: when } : { ...word, word: 'refuses' };
}
