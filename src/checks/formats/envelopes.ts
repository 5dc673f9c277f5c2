import { arch, platform, release } from 'node:os';
import { CucumberExpression } from '@cucumber/cucumber-expressions';
import { generateMessages } from '@cucumber/gherkin';
import {
  type Attachment,
  AttachmentContentEncoding,
  type Duration,
  type Envelope,
  type Pickle,
  SourceMediaType,
  type StepMatchArgument,
  StepDefinitionPatternType,
  type TestStep,
  TestStepResultStatus,
  type Timestamp,
  version as protocolVersion,
} from '@cucumber/messages';
import type { PlannedScenario } from '../language/plan.ts';
import { placeHolderTypes } from '../language/values.ts';
import type { RunResult, StepResult } from '../run/result.ts';
import type { World } from '../run/world.ts';
import { type Format, type TestRun, type ToldStep, placeOf } from './format.ts';

/**
 * What could not be seen is `PENDING`, with its reason. `UNKNOWN` is there, and readers rank it below
 * `PASSED`: a scenario with it would be shown as one that was skipped.
 */
const statuses: Readonly<Record<StepResult['state'], TestStepResultStatus>> = {
  passed: TestStepResultStatus.PASSED,
  failed: TestStepResultStatus.FAILED,
  unknown: TestStepResultStatus.PENDING,
  skipped: TestStepResultStatus.SKIPPED,
};

/** A scenario as messages know it. */
interface Known {
  readonly testCaseId: string;
  readonly testSteps: readonly TestStep[];
  /** Of the attempt that runs, from 1, with its id and the steps of it that ended. */
  attempt: number;
  startedId: string;
  ended: number;
}

/** Tells of a run in Cucumber's messages, one after the other. */
export class Envelopes implements Format {
  readonly #tell: (envelope: Envelope) => Promise<void>;
  readonly #known = new Map<PlannedScenario<World>, Known>();
  /** Steps are told by a callback that nobody waits for: in order, one after the other. */
  #telling: Promise<void> = Promise.resolve();
  #ids = 0;
  #runId = '';

  constructor(tell: (envelope: Envelope) => Promise<void>) {
    this.#tell = tell;
  }

  readonly begin = async (run: TestRun, at: number): Promise<void> => {
    this.#put({ meta: metaOf(run.version) });
    const pickles = new Map<string, Pickle>();
    for (const { file, text } of run.features)
      for (const envelope of generateMessages(text, file, mediaTypeOf(file), this.#options)) {
        const { pickle } = envelope;
        if (pickle) pickles.set(`${file}:${pickle.location?.line ?? 0}`, pickle);
        this.#put(envelope);
      }
    const definitions = this.#tellDefinitions(run);
    this.#runId = this.#newId();
    this.#put({ testRunStarted: { id: this.#runId, timestamp: timestamp(at) } });
    for (const planned of run.scenarios) {
      const pickle = pickles.get(placeOf(planned));
      if (pickle) this.#tellCase(planned, pickle, definitions);
    }
    await this.#telling;
  };

  readonly begins = async (planned: PlannedScenario<World>, at: number): Promise<void> => {
    const known = this.#known.get(planned);
    if (known) this.#start(known, at);
    await this.#telling;
  };

  readonly step = ({ planned, step, attempt, at }: ToldStep): void => {
    const known = this.#known.get(planned);
    if (!known) return;
    if (attempt > known.attempt) {
      this.#finish(known, at, true);
      this.#start(known, at);
    }
    const testStepId = known.testSteps[known.ended++]?.id ?? '';
    const at2 = { testCaseStartedId: known.startedId, testStepId };
    const began = at - step.seconds * 1000;
    this.#put({ testStepStarted: { ...at2, timestamp: timestamp(began) } });
    const { failure, state, seconds } = step;
    const message = failure === undefined ? {} : { message: `${state}: ${failure}` };
    const exception = state === 'failed' ? { exception: { type: 'Failed', ...message } } : {};
    const testStepResult = {
      status: statuses[state],
      duration: durationOf(seconds * 1000),
      ...message,
      ...exception,
    };
    this.#put({ testStepFinished: { ...at2, testStepResult, timestamp: timestamp(at) } });
  };

  readonly scenario = async (planned: PlannedScenario<World>, result: RunResult): Promise<void> => {
    const known = this.#known.get(planned);
    if (!known) return;
    const at = result.steps.findIndex(({ state }) => state === 'failed' || state === 'unknown');
    const testStepId = known.testSteps[at]?.id;
    for (const one of attachmentsOf(result))
      this.#put({
        attachment: {
          ...one,
          testCaseStartedId: known.startedId,
          ...(testStepId === undefined ? {} : { testStepId }),
        },
      });
    this.#finish(known, Date.now(), false);
    await this.#telling;
  };

  readonly end: Format['end'] = async ({ success, stopped }, at) => {
    this.#put({
      testRunFinished: {
        testRunStartedId: this.#runId,
        success,
        timestamp: timestamp(at),
        ...(stopped === undefined ? {} : { message: stopped }),
      },
    });
    await this.#telling;
  };

  #put(envelope: Envelope): void {
    this.#telling = this.#telling.then(() => this.#tell(envelope));
  }

  #start(known: Known, at: number): void {
    known.startedId = this.#newId();
    known.ended = 0;
    const { attempt, testCaseId, startedId: id } = known;
    this.#put({ testCaseStarted: { id, testCaseId, attempt, timestamp: timestamp(at) } });
    known.attempt++;
  }

  #finish({ startedId: testCaseStartedId }: Known, at: number, willBeRetried: boolean): void {
    const timed = { timestamp: timestamp(at), willBeRetried };
    this.#put({ testCaseFinished: { testCaseStartedId, ...timed } });
  }

  /** The steps that are used, by their expressions. */
  #tellDefinitions({ scenarios }: TestRun): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    for (const { definition } of scenarios.flatMap(({ steps }) => steps)) {
      const { expression: source } = definition;
      if (ids.has(source)) continue;
      const id = this.#newId();
      ids.set(source, id);
      const pattern = { source, type: StepDefinitionPatternType.CUCUMBER_EXPRESSION };
      this.#put({ stepDefinition: { id, pattern, sourceReference: {} } });
    }
    return ids;
  }

  #tellCase(
    planned: PlannedScenario<World>,
    pickle: Pickle,
    definitions: ReadonlyMap<string, string>,
  ): void {
    const testSteps = pickle.steps.map(({ id: pickleStepId, text }, i) => {
      const expression = planned.steps[i]?.definition.expression ?? '';
      return {
        id: this.#newId(),
        pickleStepId,
        stepDefinitionIds: [definitions.get(expression) ?? ''],
        stepMatchArgumentsLists: [{ stepMatchArguments: argumentsOf(expression, text) }],
      };
    });
    const testCaseId = this.#newId();
    const about = { pickleId: pickle.id, testSteps, testRunStartedId: this.#runId };
    this.#known.set(planned, { testCaseId, testSteps, attempt: 0, startedId: '', ended: 0 });
    this.#put({ testCase: { id: testCaseId, ...about } });
  }

  readonly #newId = (): string => String(++this.#ids);

  get #options() {
    return {
      newId: this.#newId,
      includeSource: true,
      includeGherkinDocument: true,
      includePickles: true,
      defaultDialect: 'en',
    };
  }
}

const types = placeHolderTypes();

/** Where the values of a step stand in it. */
function argumentsOf(expression: string, text: string): readonly StepMatchArgument[] {
  const found = new CucumberExpression(expression, types).match(text) ?? [];
  return found.map(({ group, parameterType }) => ({
    group: {
      ...(group.value === undefined ? {} : { value: group.value }),
      ...(group.start === undefined ? {} : { start: group.start }),
      children: [],
    },
    ...(parameterType.name === undefined ? {} : { parameterTypeName: parameterType.name }),
  }));
}

function attachmentsOf({ screenshot, excerpt }: RunResult): readonly Attachment[] {
  const timed = { timestamp: timestamp(Date.now()) };
  const found: Attachment[] = [];
  if (excerpt) {
    const headers = Object.entries(excerpt.headers).map(([name, value]) => `${name}: ${value}`);
    const body = [`${excerpt.status} ${excerpt.url}`, ...headers, '', excerpt.body].join('\n');
    const contentEncoding = AttachmentContentEncoding.IDENTITY;
    found.push({ body, contentEncoding, mediaType: 'text/plain', ...timed });
  }
  if (screenshot) {
    const body = Buffer.from(screenshot).toString('base64');
    const contentEncoding = AttachmentContentEncoding.BASE64;
    found.push({ body, contentEncoding, mediaType: 'image/png', ...timed });
  }
  return found;
}

const metaOf = (version: string) => ({
  protocolVersion,
  implementation: { name: 'territory', version },
  runtime: { name: 'node.js', version: process.versions.node },
  os: { name: platform(), version: release() },
  cpu: { name: arch() },
});

const mediaTypeOf = (file: string): SourceMediaType =>
  file.endsWith('.md')
    ? SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_MARKDOWN
    : SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN;

const timestamp = (ms: number): Timestamp => durationOf(ms);

function durationOf(ms: number): Duration {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6)) };
}
