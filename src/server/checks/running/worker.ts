import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { chromiumBrowsers } from '../../../checks/browser/browsers.ts';
import { Lanes } from '../../../checks/lanes/lanes.ts';
import { noSettings } from '../../../checks/settings/settings.ts';
import type { Vocabulary } from '../../../checks/language/vocabulary.ts';
import type { World } from '../../../checks/run/world.ts';
import { hasTag } from '../../../checks/language/tags.ts';
import { stepBack } from '../../../launch/priority.ts';
import { heldBytes } from '../../rules/running/memory-watch.ts';
import { lint, stepsAnswer } from '../asking.ts';
import { type FeatureText, planFeature } from '../features.ts';
import { planAll } from '../planning.ts';
import { toldOf } from '../told.ts';
import type { Answers, FromWorker, Question, ToWorker, WorkerStart } from './messages.ts';
import { type KnownSteps, OwnStepsBook } from './own-steps-book.ts';
import { Pulse, turns } from './pulse.ts';
import { Scheduling } from './scheduling.ts';
import { StreamLink } from './stream-link.ts';
import { SurroundingsBook } from './surroundings.ts';
import { tryText } from './trying.ts';

const beatEveryMs = 50;
const statsEveryMs = 2_000;
/** A try ends after this, ms. */
const longestTry = 120_000;

/** The thread in which checks are run: on their schedule, or because somebody tries one. */
class ChecksWorker {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  readonly #pulse: Pulse;
  readonly #stream: StreamLink;
  readonly #browsers: ReturnType<typeof chromiumBrowsers>;
  readonly #scheduling: Scheduling;
  readonly #asked = new Map<number, AbortController>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #own: OwnStepsBook;
  #surroundings: SurroundingsBook;
  #planning: Promise<void> = Promise.resolve();

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port;
    this.#start = start;
    this.#pulse = new Pulse(start.pulse);
    this.#stream = new StreamLink(this.#post, Date.now);
    this.#browsers = chromiumBrowsers({ path: start.browser });
    this.#scheduling = new Scheduling({
      folder: start.folder,
      lanes: new Lanes({ all: start.atOnce, target: start.perTarget, host: start.perTarget * 2 }),
      pulse: this.#pulse,
      post: this.#post,
    });
    this.#own = new OwnStepsBook(start.folder, join(start.stateDir, `steps-${start.role}`));
    this.#surroundings = this.#surroundingsOf(noSettings);
    this.#timers = [
      setInterval(() => this.#pulse.beat(), beatEveryMs),
      setInterval(() => this.#sayStats(), statsEveryMs),
    ];
    port.on('message', (message: ToWorker) => this.#hear(message));
    this.#pulse.beat();
    this.#post({ kind: 'ready' });
  }

  readonly #post = (message: FromWorker): void => this.#port.postMessage(message);

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'plan':
        return this.#plan(message);
      case 'schedule':
        return this.#scheduling.schedule(message);
      case 'again':
        return this.#scheduling.again(message.check, message.at);
      case 'ask':
        return void this.#answer(message.id, message.question);
      case 'stop-asking':
        return this.#asked.get(message.id)?.abort();
      case 'told':
        return this.#stream.told(message.id, message.answer);
      case 'stop':
        return void this.#stop();
    }
  }

  #plan({ input, withoutOwn }: Extract<ToWorker, { kind: 'plan' }>): void {
    this.#planning = this.#planning.then(async () => {
      const { vocabulary, findings } = await this.#steps(withoutOwn);
      // However many there are: that takes long is nobody's fault.
      this.#pulse.turn(turns.planning);
      const plan = planAll({ ...input, findings: [...input.findings, ...findings] }, vocabulary);
      this.#pulse.turn(turns.none);
      this.#surroundings = this.#surroundingsOf(plan.settings);
      this.#scheduling.plan(plan.checks, this.#surroundings);
      this.#post({ kind: 'planned', plan: toldOf(plan) });
    });
  }

  /** Their code is run when they are loaded: one that never ends takes the thread down once. */
  async #steps(withoutOwn: string | undefined): Promise<KnownSteps> {
    if (withoutOwn !== undefined) {
      const finding = { file: 'steps', line: 1, column: 1, message: withoutOwn };
      return { ...this.#own.known, findings: [finding] };
    }
    this.#pulse.between(turns.loading);
    const known = await this.#own.look();
    this.#pulse.between(turns.none);
    return known;
  }

  #surroundingsOf(settings: typeof noSettings): SurroundingsBook {
    return new SurroundingsBook(settings, {
      folder: this.#start.folder,
      browsers: this.#browsers,
      stream: (environment) => this.#stream.of(environment),
    });
  }

  async #answer(id: number, question: Question): Promise<void> {
    const ending = new AbortController();
    this.#asked.set(id, ending);
    try {
      await this.#planning;
      const value = await this.#answerTo(question, id, ending.signal);
      this.#post({ kind: 'answer', id, value });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#post({ kind: 'refused', id, why });
    } finally {
      this.#asked.delete(id);
    }
  }

  async #answerTo(
    question: Question,
    id: number,
    signal: AbortSignal,
  ): Promise<Answers[Question['kind']]> {
    const { vocabulary, own } = this.#own.known;
    switch (question.kind) {
      case 'lint':
        return lint(question.text, vocabulary);
      case 'steps':
        return stepsAnswer(vocabulary, own);
      case 'gates':
        return gatesIn(question.text, vocabulary);
      case 'try':
        return tryText(question.wanted, {
          vocabulary,
          surroundings: this.#surroundings,
          pulse: this.#pulse,
          signal: AbortSignal.any([signal, AbortSignal.timeout(longestTry)]),
          tell: (told) => this.#post({ kind: 'told', id, told }),
        });
    }
  }

  #sayStats(): void {
    const { running, lagP99 } = this.#scheduling;
    this.#post({ kind: 'stats', heapBytes: heldBytes(), running, lagP99 });
  }

  async #stop(): Promise<void> {
    this.#scheduling.stop();
    for (const asked of this.#asked.values()) asked.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#browsers.close().catch(() => undefined);
    this.#port.close();
  }
}

/** What the scenarios of a text are that gate releases: two texts with the same gate alike. */
function gatesIn(text: FeatureText, vocabulary: Vocabulary<World>): readonly string[] {
  const { scenarios } = planFeature(text, vocabulary);
  return scenarios
    .filter(({ scenario }) => hasTag(scenario.tags, '@gate'))
    .map(({ scenario: { name, steps, tags } }) =>
      JSON.stringify({
        name,
        tags: tags.map((tag) => tag.name),
        steps: steps.map(({ text: words, block, table }) => [words, block, table]),
      }),
    );
}

if (parentPort) {
  stepBack('thread', 3);
  new ChecksWorker(parentPort, workerData as WorkerStart);
}
