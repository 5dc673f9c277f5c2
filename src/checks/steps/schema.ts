import { createRequire } from 'node:module';
import type { AnySchemaObject, ErrorObject, Options, ValidateFunction } from 'ajv';
import type * as Draft7 from 'ajv';
import type * as Draft2020 from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';
import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { at } from './json.ts';
import { matching } from './matching.ts';
import { type Step, anAnswer, needing } from './step.ts';

/** Schemas that are kept compiled; the one that was used least recently goes. */
const mostKept = 64;
/** What is told of one body. */
const mostFaults = 5;

// Not imported: they are loaded when the first schema comes.
const require = createRequire(import.meta.url);
const kept = new Map<string, ValidateFunction>();

/** Expressions of a schema are run where they can be stopped. */
const engine = Object.assign(
  (pattern: string, flags: string) => {
    const expression = new RegExp(pattern, flags);
    return {
      test: (text: string): boolean => matching(expression, text) !== undefined,
      // What it is kept by: others of the same name would be taken for this one.
      toString: () => expression.toString(),
    };
  },
  // Only for code that is written to a file.
  { code: '' },
);

const options: Options = {
  strict: false,
  allErrors: false,
  validateFormats: true,
  logger: false,
  code: { regExp: engine as unknown as NonNullable<Options['code']>['regExp'] & object },
};

/** Draft 2020-12, or draft 7 where the schema says so. Nothing is fetched. Throws Unknown. */
function validatorOf(text: string): ValidateFunction {
  const known = kept.get(text);
  kept.delete(text);
  const validate = known ?? compiled(text);
  kept.set(text, validate);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return validate;
}

function compiled(text: string): ValidateFunction {
  try {
    const schema = JSON.parse(text) as AnySchemaObject;
    const addFormats = require('ajv-formats') as FormatsPlugin;
    const isOld = typeof schema.$schema === 'string' && /draft-0[67]/.test(schema.$schema);
    const ajv = isOld
      ? new (require('ajv') as typeof Draft7).Ajv(options)
      : new (require('ajv/dist/2020.js') as typeof Draft2020).Ajv2020(options);
    addFormats(ajv);
    return ajv.compile(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is none';
    throw new Unknown(`the schema can not be used: ${why}`, { cause: error });
  }
}

const faultOf = ({ instancePath, message = 'is wrong', params }: ErrorObject): string => {
  const more = 'additionalProperty' in params ? `: ${String(params['additionalProperty'])}` : '';
  return `${instancePath === '' ? 'the whole' : instancePath} ${message}${more}`;
};

function expectSchema(world: World, text: string): void {
  const validate = validatorOf(text);
  if (validate(at(world, '$'))) return;
  const faults = (validate.errors ?? []).slice(0, mostFaults).map(faultOf).join('; ');
  throw new Failed(`expected JSON of the schema; of ${world.seen.url} ${faults}`);
}

const group = 'JSON';

/** What is said of a JSON body by a schema. */
export const schemaSteps: readonly Step[] = needing(anAnswer, [
  {
    expression: 'the JSON should match the schema:',
    kind: 'assertion',
    group,
    about:
      'A JSON Schema of draft 2020-12, or of draft 7 where its `$schema` says so. Nothing is fetched.',
    example: [
      'Then the JSON should match the schema:',
      '  """',
      '  {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}',
      '  """',
    ],
    takes: 'text',
    run: (world, given) => expectSchema(world, given.written),
  },
  {
    expression: 'the JSON should match the schema in {string}',
    kind: 'assertion',
    group,
    about: 'As above, in a file beside the feature.',
    example: ['Then the JSON should match the schema in "order.schema.json"'],
    run: async (world, given) => {
      const { file } = world.surroundings;
      if (!file) throw new Unknown(`"${given.text(0)}" can not be read here: there are no files`);
      expectSchema(world, await file(given.text(0)));
    },
  },
]);
