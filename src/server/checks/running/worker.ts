import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { chromiumBrowsers } from '../../../checks/browser/browsers.ts';
import { Lanes } from '../../../checks/lanes/lanes.ts';
import { noSettings } from '../../../checks/settings/settings.ts';
import { vocabulary } from '../../../checks/steps/vocabulary.ts';
import { hasTag } from '../../../checks/language/tags.ts';
import { stepBack } from '../../../launch/priority.ts';
import { heldBytes } from '../../rules/running/memory-watch.ts';
import { lint, stepsAnswer } from '../asking.ts';
import { type FeatureText, planFeature } from '../features.ts';
import { planAll } from '../planning.ts';
import { toldOf } from '../told.ts';
import type { Answers, FromWorker, Question, ToWorker, WorkerStart } from './messages.ts';
import { Pulse } from './pulse.ts';
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
  #surroundings: SurroundingsBook;

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

  #plan({ input }: Extract<ToWorker, { kind: 'plan' }>): void {
    // However many there are: that takes long is nobody's fault.
    this.#pulse.turn(-1);
    const plan = planAll(input, vocabulary);
    this.#pulse.turn(0);
    this.#surroundings = this.#surroundingsOf(plan.settings);
    this.#scheduling.plan(plan.checks, this.#surroundings);
    this.#post({ kind: 'planned', plan: toldOf(plan) });
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
    switch (question.kind) {
      case 'lint':
        return lint(question.text, vocabulary);
      case 'steps':
        return stepsAnswer(vocabulary, new Set());
      case 'gates':
        return gatesIn(question.text);
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
    const { running } = this.#scheduling;
    this.#post({ kind: 'stats', heapBytes: heldBytes(), running });
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
function gatesIn(text: FeatureText): readonly string[] {
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
