import { list } from '../list.ts';
import type { Asking, Words } from './asking.ts';

/** What the checks say: of the version in the environment before, and of how it is here. */
export function checkWords(asking: Asking): Words {
  return [...beforeWords(asking), ...redWords(asking)];
}

/**
 * What the environment before has shown of this version: only what ran after it was deployed there
 * counts, and of a version that is not there any more what was kept. What selects nothing lets
 * nothing pass: a tag that is written wrong must not open the gate.
 */
function beforeWords({ policy, question, knowledge, now, when }: Asking): Words {
  const { checks: tag, after } = policy;
  if (tag === null || after === null) return [];
  const { app, version, environment } = question;
  const glass = 'or a gatekeeper: --break-glass REASON';
  const word = knowledge.checked?.before;
  if (!word) return [{ word: 'waits', reason: `what the checks of ${after} say is not known yet` }];
  const { verdict, reason } = word;
  if (verdict === 'pass') return [{ word: 'passes', reason }];
  if (verdict === 'not-enough-evidence')
    return [{ word: 'waits', reason, lifts: `the next runs of the checks of ${after}` }];
  const lifts =
    verdict === 'fail'
      ? `another version, ${glass}`
      : `a check with ${tag} of ${app} in ${after}, or a gatekeeper: territory environment set ${environment} --checks none`;
  const no = {
    reason: verdict === 'fail' ? reason : `nothing checks ${version}: ${reason}`,
    lifts,
  };
  // What is asked for at a later time may still come to pass until then.
  return [when > now ? { ...no, word: 'waits', until: when } : { ...no, word: 'refuses' }];
}

/**
 * What is red before it would be blamed on the deploy, or hidden by it. A version that has passed
 * here before is not kept from coming back by what another one broke (getsentry/snuba #4729).
 */
function redWords({ knowledge: { red = [], checked }, question, now, when }: Asking): Words {
  if (red.length === 0) return [];
  const { app, environment, version } = question;
  const reason = `${app} is red in ${environment}: ${list(red)}`;
  if (checked?.here?.verdict === 'pass')
    return [{ word: 'warns', reason: `${reason}; ${version} was not when it ran there` }];
  const lifts = 'the alerts being over, or a gatekeeper: --break-glass REASON';
  // Nobody knows what will be red by then: it is asked again when it is time.
  return [{ word: when > now ? 'warns' : 'refuses', reason, lifts }];
}
