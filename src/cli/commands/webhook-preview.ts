import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { Value } from 'typebox/value';
import {
  type PreviewAnswer,
  WebhookKind,
  type WebhookPreview,
} from '../../server/api/contract-webhooks.ts';
import { preview } from '../../server/webhooks/preview.ts';
import { collect, declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural, printable } from '../words.ts';

interface PreviewOptions {
  readonly kind?: string;
  readonly mapping?: string;
  readonly header?: string[];
  readonly json?: boolean;
}

/** Adds `territory webhook preview`. */
export function addPreview(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'preview <file>',
    summary: 'Show what a body would become; nothing is sent.',
    description:
      'FILE is a body as the product sends it, - for stdin. Prints the events, one JSON document ' +
      'after the other, and FILE:LINE:COLUMN: message for what is wrong with the mapping or the ' +
      'body; then it ends with 2. Needs no server.',
    examples: [
      ['territory webhook preview body.json --mapping ci.yaml', 'tries a mapping on a body'],
      [
        'territory webhook preview push.json --kind github --header "X-GitHub-Event: push"',
        'what becomes of a push',
      ],
    ],
  });
  command
    .option('--kind <KIND>', 'what sends it; generic with --mapping')
    .option('--mapping <FILE>', 'what the bodies of a generic one mean (YAML or JSON)')
    .option(
      '--header <LINE>',
      'a header that comes with it, "Name: value" (may be repeated)',
      collect,
    )
    .option('--json', 'print events and errors as one JSON document, as the API gives them')
    .action((file: string, options: PreviewOptions) => show(file, options, context));
}

async function show(file: string, options: PreviewOptions, context: Context): Promise<void> {
  const { terminal, finish, now } = context;
  const { mapping = 'mapping' } = options;
  const answer = preview(await wantedOf(file, options, context), now());
  const { events, errors, count } = answer;
  if (errors.length > 0) finish(exitCodes.badInput);
  if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
  await terminal.print(events.map((event) => `${JSON.stringify(event, undefined, 2)}\n`).join(''));
  for (const problem of errors) terminal.say(printable(lineOf(problem, { mapping, body: file })));
  const wrong = errors.length === 0 ? '' : `, ${plural(errors.length, 'problem')}`;
  terminal.say(`${plural(count, 'event')}${wrong}`);
}

async function wantedOf(
  file: string,
  { mapping, kind = mapping === undefined ? undefined : 'generic', header = [] }: PreviewOptions,
  { stdin }: Context,
): Promise<WebhookPreview> {
  if (!Value.Check(WebhookKind, kind))
    throw cliErrors('USAGE', `say what sends it: ${WebhookKind.enum.join(', ')}`, {
      field: '--kind',
    });
  return {
    kind,
    body: file === '-' ? await readAll(stdin) : readText(file, '<file>'),
    headers: Object.fromEntries(header.map(headerOf)),
    ...(mapping !== undefined && { mapping: readText(mapping, '--mapping') }),
  };
}

function lineOf(
  { in: where, line, column, index, field, message }: PreviewAnswer['errors'][number],
  files: Readonly<Record<'mapping' | 'body', string>>,
): string {
  const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
  const of = field === undefined ? '' : `, ${field}`;
  const which = index === undefined ? '' : ` event ${index + 1}${of}:`;
  return `${files[where]}${place}:${which} ${message}`;
}

function headerOf(text: string): [string, string] {
  const found = /^([^:\s]+):\s*(.*)$/.exec(text);
  if (found?.[1] === undefined)
    throw cliErrors('USAGE', `"${text}" is no header; write "Name: value"`, { field: '--header' });
  return [found[1], found[2] ?? ''];
}

function readText(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw cliErrors('INPUT', `${path} can not be read`, { field, cause });
  }
}
