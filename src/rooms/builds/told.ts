import type { PlacedEvent } from '../../event/codec.ts';
import { plainName } from '../thread/names.ts';
import { type Said, recordIn, saidBy } from '../thread/said.ts';

/** How a run of a pipeline stands or ended, in the words of the board. */
export type BuildState = 'queued' | 'running' | 'passed' | 'failed' | 'cancelled';

/** What one fact tells of a run. */
export interface BuildTold {
  readonly state: BuildState;
  /** Names the run among those of its place. */
  readonly run: string;
  /** Name of the pipeline or workflow. */
  readonly pipeline: string;
  /** `host/owner/name`; where none is named, who tells of it. */
  readonly repository: string;
  readonly branch: string | undefined;
  readonly revision: string | undefined;
  readonly url: string | undefined;
  readonly actor: string | undefined;
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** Place on the log. */
  readonly offset: number;
}

/** What of the types of facts tells of builds: the others are not looked at. */
export const typesOfBuilds: readonly string[] = [
  'dev.cdevents.pipelinerun.',
  'dev.cdevents.build.',
];

/** CDEvents 0.5 outcomes, and OpenTelemetry's cicd.pipeline.result where one stands instead. */
const outcomes: Readonly<Record<string, BuildState>> = {
  success: 'passed',
  failure: 'failed',
  error: 'failed',
  timeout: 'failed',
  cancel: 'cancelled',
  cancellation: 'cancelled',
  skip: 'cancelled',
};

/** What a fact tells of a run of a pipeline; undefined when that is nothing. */
export function buildTold(event: PlacedEvent): BuildTold | undefined {
  const said = saidBy(event);
  if (!said || (said.subject !== 'pipelinerun' && said.subject !== 'build')) return undefined;
  const state = stateOf(said);
  const run = said.id ?? plainName(said.attributes['cicd.pipeline.run.id']);
  if (state === undefined || run === undefined) return undefined;
  const { attributes: at } = said;
  return {
    state,
    run,
    pipeline: nameOf(said, run),
    repository: said.place,
    branch: plainName(at['vcs.ref.head.name'])?.replace(/^refs\/heads\//, ''),
    revision: plainName(at['vcs.ref.head.revision']),
    url: plainName(at['url.full'] ?? said.content['uri']),
    actor: plainName(at['actor']),
    // A clock that is ahead must not keep what comes later from being the newest.
    time: Math.min(event.time, event.received),
    offset: event.offset,
  };
}

function stateOf({ predicate, content, attributes, event }: Said): BuildState | undefined {
  if (predicate === 'queued') return 'queued';
  if (predicate === 'started') return 'running';
  if (predicate !== 'finished') return undefined;
  const word = content['outcome'] ?? attributes['cicd.pipeline.result'] ?? attributes['outcome'];
  const known = typeof word === 'string' ? word.toLowerCase() : '';
  if (Object.hasOwn(outcomes, known)) return outcomes[known];
  if (event.state === 'critical') return 'failed';
  // One that ended and does not say how is not called a success.
  return event.state === 'ok' ? 'passed' : 'cancelled';
}

/** A run that has no pipeline's name is known by its own, without the number at the end. */
function nameOf({ content, attributes, event }: Said, run: string): string {
  return (
    plainName(content['pipelineName']) ??
    plainName(attributes['cicd.pipeline.name']) ??
    plainName(event.name) ??
    plainName(recordIn(content, 'pipeline')['id']) ??
    run.replace(/^(pipelinerun|build)\//, '').replace(/[/#-]?\d+$/, '')
  );
}
