import { defined } from '../../alerts/facts.ts';
import { type Refusal, type Rule, mayDeploy } from '../../gates/verdict.ts';
import type { GateWord } from '../deploy.ts';
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
