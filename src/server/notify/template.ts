/** What a template can name. Everything is text; what is not there is empty. */
export const templateFields = [
  'id',
  'kind',
  'to',
  'title',
  'body',
  'status',
  'severity',
  'count',
  'rule',
  'service',
  'host',
  'environment',
  'url',
  'alert.id',
  'alert.title',
  'alert.state',
  'alert.severity',
  'alert.since',
  'alert.value',
  'alert.name',
  'alert.team',
  'alert.runbook',
  'alert.acknowledged',
  'target',
  'want',
] as const;

export type TemplateField = (typeof templateFields)[number];

/** What one template is filled with. */
export type Fields = Readonly<Partial<Record<TemplateField, string>>>;

/** How a request's body is made. */
export interface Template {
  readonly contentType: string;
  readonly body: (fields: Fields) => string;
}

/** `{title}`, `{alert.severity}`; JSON's own braces are always followed by a quote or a space. */
const placeholder = /\{([a-z]+(?:\.[a-z]+)*)\}/gi;

const known: ReadonlySet<string> = new Set(templateFields);

/** What a template names that there is not. */
export function unknownFields(template: string): string[] {
  return [...template.matchAll(placeholder)].flatMap(([, name = '']) =>
    known.has(name) ? [] : [name],
  );
}

/** Fills a template in; values are made safe for where they stand, by `escape`. */
export function fill(template: string, fields: Fields, escape: (text: string) => string): string {
  return template.replaceAll(placeholder, (whole, name: string) =>
    known.has(name) ? escape(fields[name as TemplateField] ?? '') : whole,
  );
}

/** As it stands between the quotes of a JSON string. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Slack reads `<…>` as links and mentions: `<!channel>` in an event must call nobody. */
function slackText(text: string): string {
  const entities = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return jsonText(entities);
}

/** Mattermost calls people by `@`: a zero-width space takes its meaning from it. */
function mattermostText(text: string): string {
  return jsonText(text.replaceAll('@', '@\u200b'));
}

const json = 'application/json';

/** The templates that are ready, by name. */
const ready: Readonly<Record<string, Template>> = {
  territory: { contentType: json, body: (fields) => JSON.stringify(nested(fields)) },
  slack: {
    contentType: json,
    body: (fields) => fill(String.raw`{"text": "*{title}*\n{body}\n{url}"}`, fields, slackText),
  },
  mattermost: {
    contentType: json,
    body: (fields) =>
      fill(String.raw`{"text": "**{title}**\n\n{body}\n\n{url}"}`, fields, mattermostText),
  },
  ntfy: {
    contentType: 'text/plain; charset=utf-8',
    body: (fields) => fill('{title}\n\n{body}\n{url}', fields, (text) => text),
  },
};

/** A ready template by its name, or the text of one. JSON unless another type is named. */
export function templateOf(written = 'territory', contentType = json): Template {
  const known = Object.hasOwn(ready, written) ? ready[written] : undefined;
  if (known) return known;
  const escape = contentType.includes('json') ? jsonText : (text: string) => text;
  return { contentType, body: (fields) => fill(written, fields, escape) };
}

/** `alert.title` as `{alert: {title}}`. */
function nested(fields: Fields): Readonly<Record<string, unknown>> {
  const alert: Record<string, string> = {};
  const top: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('alert.')) alert[name.slice('alert.'.length)] = value;
    else top[name] = value;
  }
  return Object.keys(alert).length === 0 ? top : { ...top, alert };
}
