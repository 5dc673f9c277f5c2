import { createRequire } from 'node:module';
import type * as Ajv from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';
import { isRecord } from '../json.ts';

/** What is known about a CDEvent after looking at it. */
export type Verdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly why: string }
  /** Of a version that we have no schema of: it may be perfect. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The schemas of one version of the specification; origin in schemas/NOTICE. */
interface Schemas {
  readonly links: readonly object[];
  /** By the whole type, e.g. `dev.cdevents.service.deployed.0.3.0`. */
  readonly events: Readonly<Record<string, object>>;
  readonly custom?: object;
}

interface Version {
  readonly schemas: Schemas;
  readonly ajv: Ajv.Ajv2020;
}

/**
 * Which schemas a spec version is held against. 0.5.0 goes by 0.5.1, which only repaired three
 * schemas that nothing could satisfy. 0.4.0 is missing: its schemas point to files that it did not
 * publish, and 0.4.1 spells its names in another way.
 */
const fileOf: ReadonlyMap<string, string> = new Map([
  ['0.3.0', '0.3.0'],
  ['0.4.1', '0.4.1'],
  ['0.5.0', '0.5.1'],
  ['0.5.1', '0.5.1'],
  ['0.6.0-draft', '0.6.0-draft'],
]);

/** The spec versions that can be validated. */
export const knownVersions: readonly string[] = [...fileOf.keys()];

// Not imported: ajv and a version's schemas are loaded when the first CDEvent comes.
const require = createRequire(import.meta.url);
const versions = new Map<string, Version>();
const validators = new Map<object, Ajv.ValidateFunction>();

const typePattern = /^dev\.cdevents\.([a-z]+\.[a-z]+)\.\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/**
 * Loads the validator and compiles one type, so that the first CDEvent need not wait for it (about
 * 0.2 s in which its thread does nothing else).
 */
export function warmUpCDEvents(): void {
  validateCDEvent({
    context: { specversion: '0.5.1', type: 'dev.cdevents.service.deployed.0.3.0' },
  });
}

/**
 * Holds the body of a CDEvent against the JSON schema of its type and of the version of the
 * specification that it names (`context.specversion`, up to 0.4.1 `context.version`).
 */
export function validateCDEvent(body: unknown): Verdict {
  const context = isRecord(body) ? body['context'] : undefined;
  if (!isRecord(context)) return { kind: 'invalid', why: 'data is no CDEvent: it has no context' };
  const { specversion, version: older, type } = context;
  const named = specversion ?? older;
  if (typeof named !== 'string') return { kind: 'invalid', why: 'context.specversion is missing' };
  if (typeof type !== 'string') return { kind: 'invalid', why: 'context.type is missing' };
  const file = fileOf.get(named);
  if (file === undefined)
    return { kind: 'unknown', why: `no schemas of CDEvents ${JSON.stringify(named.slice(0, 64))}` };
  const version = versionOf(file);
  const schema = schemaOf(version.schemas, type);
  if (schema === undefined) return withoutSchema(version.schemas, type.slice(0, 128), named);
  const validate = validatorOf(version.ajv, schema);
  if (validate(body)) return { kind: 'valid' };
  return { kind: 'invalid', why: wordsOf(validate.errors?.[0]) };
}

function schemaOf(schemas: Schemas, type: string): object | undefined {
  if (type.startsWith('dev.cdeventsx.')) return schemas.custom;
  return Object.hasOwn(schemas.events, type) ? schemas.events[type] : undefined;
}

/** A newer version of a known event may be right; an event outside the vocabulary is not. */
function withoutSchema(schemas: Schemas, type: string, named: string): Verdict {
  const kind = typePattern.exec(type)?.[1];
  const known = Object.keys(schemas.events).some((t) => typePattern.exec(t)?.[1] === kind);
  if (type.startsWith('dev.cdeventsx.') || (kind !== undefined && known))
    return { kind: 'unknown', why: `CDEvents ${named} has no schema of ${type}` };
  return { kind: 'invalid', why: `${type} is not in the vocabulary of CDEvents ${named}` };
}

function versionOf(file: string): Version {
  const known = versions.get(file);
  if (known) return known;
  // The build copies the JSON; `require` finds it beside this file from src and from dist alike.
  const schemas = require(`./schemas/${file}.json`) as Schemas;
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof Ajv;
  const { default: addFormats } = require('ajv-formats') as { default: FormatsPlugin };
  const ajv = new Ajv2020({ strict: false, logger: false });
  addFormats(ajv);
  for (const schema of schemas.links) ajv.addSchema(schema);
  const version = { schemas, ajv };
  versions.set(file, version);
  return version;
}

function validatorOf(ajv: Ajv.Ajv2020, schema: object): Ajv.ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}

/** `subject.content.environment must have required property 'id'` */
function wordsOf(error: Ajv.ErrorObject | undefined): string {
  const path = (error?.instancePath ?? '').slice(1).replaceAll('/', '.');
  const extra: unknown = error?.params['additionalProperty'];
  const shown = typeof extra === 'string' ? ` (${extra})` : '';
  return `${path} ${error?.message ?? 'is wrong'}${shown}`.trim().slice(0, 500);
}
