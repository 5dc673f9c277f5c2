import { defined } from '../../alerts/facts.ts';
import { type Refusal, type Rule, mayDeploy } from '../../gates/verdict.ts';
import type { GateWord } from '../deploy.ts';
import { list } from '../list.ts';
import { manifest } from '../manifest-windows.ts';
import type { Asking, Words } from './asking.ts';

/** Windows, freezes, locks and post-its, as the room of gates judges them. */
export function timeWords(rule: Rule): (asking: Asking) => Words {
  return ({ gates, question, when }) => {
    const { app, environment, version, by, wait } = question;
    const verdict = mayDeploy(gates, { app, environment, version, actor: by }, when);
    const of = (one: Refusal): boolean => one.rule === rule;
    return [
      ...verdict.refusals.filter(of).map((one) => wordOf(one, wait === true ? 'waits' : 'refuses')),
      ...verdict.warnings.filter(of).map((one) => wordOf(one, 'warns')),
    ];
  };
}

function wordOf(
  { reason, until, lifts, by }: Refusal,
  word: GateWord['word'],
): Omit<GateWord, 'rule'> {
  // What a release brings along cannot be taken away on the server.
  const own = 'the end of the window, or a gatekeeper: --break-glass REASON';
  return { word, reason, ...defined({ until, lifts: by === manifest ? own : lifts, by }) };
}

/** What is red before it would be blamed on the deploy, or hidden by it. */
export function checkWords({ knowledge: { red = [] }, question, now, when }: Asking): Words {
  if (red.length === 0) return [];
  const { app, environment } = question;
  const word = {
    reason: `${app} is red in ${environment}: ${list(red)}`,
    lifts: 'the alerts being over, or a gatekeeper: --break-glass REASON',
  };
  // Nobody knows what will be red by then: it is asked again when it is time.
  return [when > now ? { ...word, word: 'warns' } : { ...word, word: 'refuses' }];
}
