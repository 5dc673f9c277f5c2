import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { hashText } from '../../rules/engine/hash.ts';
import type { RuleProblem } from '../../rules/engine/engine.ts';
import { rulesSource } from '../../rules/engine/path.ts';
import type { LoadProblem } from './running/messages.ts';

/** A message on the log is no longer than this. */
const mostText = 2_000;

/** Puts on the log what happens to rules and their files. Resolves when it is durable. */
export class RuleFacts {
  readonly #log: Log;
  readonly #now: () => number;

  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** A rule failed, was stopped, or has too many keys. The same problem is one fact. */
  problem({ kind, rule, at, message }: RuleProblem): Promise<void> {
    return this.#append({
      id: hashText(JSON.stringify([kind, rule, at, message])),
      time: at > 0 ? at : this.#now(),
      type: `dev.cdeventsx.territory-rule.${kind}.0.1.0`,
      subject: `rule/${rule}`,
      attributes: { rule, message: cut(message) },
    });
  }

  /** A rule file is used from now on. */
  loaded(file: string, digest: string): Promise<void> {
    return this.#append({
      type: 'dev.cdeventsx.territory-rules.loaded.0.1.0',
      subject: `rules/${file}`,
      attributes: { file, digest },
    });
  }

  /** A rule file is not used as it is; what ran of it goes on. */
  rejected(file: string, problem: LoadProblem): Promise<void> {
    const { line, column, message } = problem;
    return this.#append({
      type: 'dev.cdeventsx.territory-rules.rejected.0.1.0',
      subject: `rules/${file}`,
      attributes: {
        file: problem.file,
        line: String(line),
        column: String(column),
        message: cut(message),
      },
    });
  }

  async #append(draft: Draft): Promise<void> {
    const whole = { time: this.#now(), service: 'territory', ...draft };
    const { facts } = encodeDrafts([whole], rulesSource);
    if (facts) await this.#log.append('facts', facts);
  }
}

function cut(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText - 1)}…`;
}
