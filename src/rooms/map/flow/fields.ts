import { plainName } from '../../thread/names.ts';
import { type Said, recordIn } from '../../thread/said.ts';
import type { EventPattern } from '../model.ts';

/** What tools call an outcome, in the words of CDEvents; `changes-requested` is of reviews. */
const outcomes: Readonly<Record<string, string>> = {
  pass: 'pass',
  passed: 'pass',
  success: 'pass',
  successful: 'pass',
  succeeded: 'pass',
  ok: 'pass',
  approved: 'pass',
  fail: 'fail',
  failed: 'fail',
  failure: 'fail',
  unstable: 'fail',
  critical: 'fail',
  error: 'error',
  errored: 'error',
  timed_out: 'error',
  startup_failure: 'error',
  cancel: 'cancel',
  cancelled: 'cancel',
  canceled: 'cancel',
  aborted: 'cancel',
  stopped: 'cancel',
  changes_requested: 'changes-requested',
  'changes-requested': 'changes-requested',
  request_changes: 'changes-requested',
  requested_changes: 'changes-requested',
  rejected: 'changes-requested',
  needs_work: 'changes-requested',
};

function outcomeWord(text: string): string {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(outcomes, word) ? (outcomes[word] ?? word) : word;
}

type Reader = (said: Said) => readonly unknown[];

/** Fields that stand in several places of a fact, or are called otherwise there. */
const readers: Readonly<Record<string, Reader>> = {
  environment: ({ event, content }) => [event.environment, content['environment']],
  service: ({ event, content, subject, id }) => [
    event.service,
    content['service'],
    subject === 'service' ? id?.replace(/^service\//, '') : undefined,
  ],
  repository: ({ repository, attributes }) => [repository, attributes['vcs.repository.name']],
  branch: ({ attributes }) => [attributes['vcs.ref.head.name']?.replace(/^refs\/heads\//, '')],
  outcome: ({ event, content, attributes }) =>
    [content['outcome'], attributes['cicd.pipeline.result'], event.state]
      .filter((value) => typeof value === 'string' && value !== '')
      .slice(0, 1),
  state: ({ event }) => [event.state],
  host: ({ event }) => [event.host],
  name: ({ event }) => [event.name],
  source: ({ event }) => [event.source],
  subject: ({ event }) => [event.subject],
  id: ({ id }) => [id],
  type: ({ content }) => [content['ticketType']],
  label: ({ content }) => listOf(content['labels']),
};

/** Other names for a field. */
const aliases: Readonly<Record<string, string>> = {
  env: 'environment',
  'deployment.environment': 'environment',
  'deployment.environment.name': 'environment',
  'service.name': 'service',
  'host.name': 'host',
  repo: 'repository',
  ref: 'branch',
  result: 'outcome',
  labels: 'label',
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * What a fact says under the name of a field, as texts: the fields of docs/reference/map-times.md, else
 * an attribute, a field of the subject's content, of the data or of its custom data.
 */
export function valuesOf(said: Said, field: string): string[] {
  const name = (Object.hasOwn(aliases, field) ? aliases[field] : undefined) ?? field;
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  const known = (read?.(said) ?? []).flatMap(textOf);
  return known.length > 0 ? known : anywhere(said, field).flatMap(textOf);
}

function anywhere({ subject, attributes, content, data }: Said, field: string): unknown[] {
  const custom = recordIn(data, 'customData');
  const places = [attributes, content, data, custom];
  return [field, `${subject}.${field}`].flatMap((name) =>
    places.flatMap((of) => (Object.hasOwn(of, name) ? [of[name]] : [])),
  );
}

/** Texts and numbers as they are; of an object its id or name. */
function textOf(value: unknown): string[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value === 'object' && value !== null) {
    const { id, name } = value as { readonly id?: unknown; readonly name?: unknown };
    return [plainName(id) ?? plainName(name)].filter((text) => text !== undefined);
  }
  return [plainName(value)].filter((text) => text !== undefined);
}

/** Whether a fact holds every condition of a pattern. Case does not matter, `*` stands for any text. */
export function holds(said: Said, { where }: EventPattern): boolean {
  return where.every(({ field, values }) => {
    const name = field.toLowerCase();
    const found = valuesOf(said, name);
    return values.some((wanted) => found.some((value) => isLike(name, value, wanted)));
  });
}

function isLike(field: string, value: string, wanted: string): boolean {
  if (field === 'outcome' || field === 'result') return outcomeWord(value) === outcomeWord(wanted);
  const [text, like] = [value.toLowerCase(), wanted.trim().toLowerCase()];
  if (field === 'repository' || field === 'repo') {
    const name = like.replace(/^[a-z]+:\/\//, '').replace(/\.git$/, '');
    return fits(text, name) || fits(text, `*/${name}`);
  }
  return fits(text, like);
}

/** `*` stands for any text, also none. Each part is looked for once, so that it takes no longer than the text. */
function fits(text: string, like: string): boolean {
  const [first = '', ...rest] = like.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
