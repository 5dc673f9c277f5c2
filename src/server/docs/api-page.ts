import { escape, page, prose } from './html.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly additionalProperties?: Schema | boolean;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly description?: string;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

/** As much of an OpenAPI document as the page shows. */
export interface ApiDocument {
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
  };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The API's document as a page that needs no script. */
export function apiPage(document: ApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const contents = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${anchor(method, path)}">${escape(operation.summary ?? path)}</a></li>`,
  );
  const intro = `<p>${prose(document.info.description ?? '')} Version ${escape(document.info.version)};
the same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>`;
  const sections = operations.map(({ path, method, operation }) =>
    section(path, method, operation),
  );
  return page('HTTP API', `${intro}<nav><ul>${contents.join('')}</ul></nav>${sections.join('\n')}`);
}

function section(path: string, method: string, operation: Operation): string {
  const {
    summary = '',
    description = '',
    parameters = [],
    requestBody,
    responses = {},
  } = operation;
  const rows = parameters.map(
    (one) =>
      `<tr><th scope="row"><code>${escape(one.name)}</code></th><td>${escape(one.in)}${one.required ? ', required' : ''}</td>` +
      `<td>${escape(typeOf(one.schema))}</td><td>${prose(one.description ?? one.schema?.description ?? '')}</td></tr>`,
  );
  return `<section id="${anchor(method, path)}">
<h2><code>${method.toUpperCase()} ${escape(path)}</code></h2>
<p><strong>${escape(summary)}.</strong> ${prose(description)}</p>
${rows.length === 0 ? '' : `<table><tbody>${rows.join('\n')}</tbody></table>`}
${requestBody === undefined ? '' : `<h3>Body</h3>${contentOf(requestBody)}`}
<h3>Answers</h3>
${Object.entries(responses).map(answer).join('\n')}
</section>`;
}

function answer([status, response]: readonly [string, Content]): string {
  const good = status.startsWith('2');
  const shape = good ? contentOf(response) : '';
  return `<p><strong>${escape(status)}</strong> ${prose(response.description ?? '')}</p>${shape}`;
}

function contentOf({ content = {} }: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `<p><code>${escape(type)}</code></p>${shapeOf(schema)}`)
    .join('');
}

function shapeOf(schema: Schema | undefined): string {
  if (schema === undefined) return '';
  return `<pre>${escape(outline(schema, ''))}</pre>`;
}

/** The schema as an indented outline: one field a line. */
function outline(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  if (schema.anyOf) return schema.anyOf.map((one) => outline(one, indent)).join(' | ');
  if (schema.properties !== undefined) {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties).map(([name, field]) => {
      const note = field.description === undefined ? '' : `  // ${field.description}`;
      return `${inner}${name}${required.has(name) ? '' : '?'}: ${outline(field, inner)}${note}`;
    });
    return `{\n${fields.join('\n')}\n${indent}}`;
  }
  if (schema.type === 'array') return `[${itemsOf(schema, indent)}]`;
  return typeOf(schema);
}

function itemsOf({ items }: Schema, indent: string): string {
  if (Array.isArray(items)) return items.map((one: Schema) => outline(one, indent)).join(', ');
  return items === undefined ? '…' : `${outline(items as Schema, indent)}, …`;
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return '';
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'object') return '{ … }';
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' | ');
}

function anchor(method: string, path: string): string {
  return `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-')}`.toLowerCase();
}
