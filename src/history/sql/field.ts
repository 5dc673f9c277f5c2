import type { StreamName } from '../../event/event.ts';
import type { Field } from '../../event/where/ast.ts';
import { textLiteral } from './literal.ts';

/** How a field is read in SQL. */
export interface FieldSql {
  /** The text it holds, '' when it holds none. */
  readonly text: string;
  /** The number it holds, NULL when it holds none; always finite. */
  readonly number: string;
  /** Whether it holds anything: 0 or 1. */
  readonly present: string;
  /** Whether it is this boolean: 0 or 1. */
  readonly is: (value: boolean) => string;
  /** What it is called in a group; '' when it holds nothing or a list or an object. */
  readonly label: string;
  /**
   * A cheap condition that no row fails whose field holds a text with `part` in it; undefined
   * when there is none.
   */
  readonly hint: (part: string) => string | undefined;
}

/** How `field` is read from the table of `stream`. */
export function fieldSql(field: Field, stream: StreamName): FieldSql {
  if (field.kind === 'data') return dataSql(field.path);
  if (field.kind === 'attribute') return textSql(`attributes[${textLiteral(field.name)}]`);
  const { name } = field;
  if (name === 'metric' || name === 'ttl') return numberSql(name, `${name} IS NOT NULL`);
  if (name === 'time' || name === 'received') return numberSql(name, '1');
  // Not stored where it follows from the place in the log.
  if (name === 'id') return textSql(`if(id = '', concat('${stream}-', toString(off)), id)`);
  return textSql(name);
}

function numberSql(column: string, present: string): FieldSql {
  return { text: "''", number: column, present, is: () => '0', label: "''", hint: () => undefined };
}

function textSql(text: string): FieldSql {
  return {
    text,
    number: numberIn(text),
    present: `${text} != ''`,
    is: (value) => `${text} = '${value}'`,
    label: text,
    hint: () => undefined,
  };
}

/**
 * The grammar and the bounds of `numberOf` in `event/where/scalar.ts`. One mention of `text`:
 * a long query must stay under the engine's bound on the text of a statement.
 */
function numberIn(text: string): string {
  return `toFloat64OrNull(extract(${text}, ${numberShape}))`;
}

const numberShape = String.raw`'^-?(?:0|[1-9][0-9]{0,30})(?:\\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?\\z'`;

function dataSql(path: readonly string[]): FieldSql {
  const place = ['data', ...path.map(textLiteral)].join(', ');
  const type = `JSONType(${place})`;
  const raw = `JSONExtractRaw(${place})`;
  const text = `if(${type} = 'String', JSONExtractString(${place}), '')`;
  return {
    text,
    number: `if(${type} IN ('Int64', 'UInt64', 'Double'), toNullable(JSONExtractFloat(${place})), ${numberIn(text)})`,
    present: `${raw} NOT IN ('', 'null', '""')`,
    is: (value) => `${raw} IN ('${value}', '"${value}"')`,
    label: `multiIf(${type} = 'String', JSONExtractString(${place}), ${type} IN ('Null', 'Array', 'Object'), '', ${raw})`,
    hint: dataHint,
  };
}

/**
 * The payload is kept as JSON text, as its sender wrote it. A text in it stands there as it is,
 * unless the JSON has a backslash somewhere; so one search of bytes spares the reading of most.
 */
function dataHint(part: string): string {
  return `(position(data, ${textLiteral(part)}) > 0 OR position(data, '\\\\') > 0)`;
}
