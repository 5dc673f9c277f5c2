import { hasTag } from '../../../checks/language/tags.ts';
import type { Vocabulary } from '../../../checks/language/vocabulary.ts';
import type { World } from '../../../checks/run/world.ts';
import type { StepResult } from '../../../checks/run/result.ts';
import type { StepRow } from '../../api/contract-checks.ts';
import { applicationOf } from '../definitions.ts';
import { planFeature } from '../features.ts';
import type { Told, TryWanted } from './messages.ts';
import type { Pulse } from './pulse.ts';
import { runMarked, stateOfResult, summaryOf } from './run-check.ts';
import type { SurroundingsBook } from './surroundings.ts';

interface Trying {
  readonly vocabulary: Vocabulary<World>;
  readonly surroundings: SurroundingsBook;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
  readonly tell: (told: Told) => void;
}

/** Runs the scenarios of a text one after the other and tells each step. Answers what kept it from it. */
export async function tryText(
  { environment, line, ...text }: TryWanted,
  { vocabulary, surroundings, pulse, signal, tell }: Trying,
): Promise<{ readonly problem: string | undefined }> {
  const { scenarios, findings } = planFeature(text, vocabulary);
  const chosen = scenarios.filter(
    ({ scenario }) => line === undefined || scenario.lines.includes(line),
  );
  if (chosen.length === 0) {
    const [first] = findings;
    if (first) return { problem: `line ${first.line}: ${first.message}` };
    return {
      problem: line === undefined ? 'there is no scenario in it' : `line ${line} is of no scenario`,
    };
  }
  for (const planned of chosen) {
    if (signal.aborted) break;
    const { name, scenario } = planned;
    const around = surroundings.of(environment, applicationOf(planned), text.file);
    const onStep = (step: StepResult, attempt: number): void =>
      tell({ kind: 'step', step: { scenario: name, attempt, ...stepRow(step) } });
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are shown
    const result = await runMarked(
      planned,
      { surroundings: around, signal, onStep },
      { number: 1, pulse },
    );
    const isWarning = hasTag(scenario.tags, '@warning') || hasTag(scenario.tags, '@third-party');
    const state = stateOfResult(result, isWarning);
    const { seconds } = result;
    const summary = summaryOf(result);
    tell({
      kind: 'scenario',
      scenario: { scenario: name, line: scenario.line, state, summary, seconds },
    });
  }
  return { problem: undefined };
}

function stepRow({ text, line, kind, state, seconds, failure }: StepResult): StepRow {
  return { text, line, kind, state, seconds, failure: failure ?? null };
}
