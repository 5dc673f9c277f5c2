import type { Finding } from '../../checks/redirects/finding.ts';
import { countFindings } from '../../checks/redirects/lint.ts';
import { type Mapping, readMap } from '../../checks/redirects/map.ts';
import type { Significant } from '../../checks/redirects/canonical.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { readText } from '../map/map-text.ts';
import type { Terminal } from '../terminal.ts';
import { plural, printable } from '../words.ts';

/** The rows of maps that are looked at as one, and what could not be read. */
export interface MapsHere {
  readonly rows: readonly Mapping[];
  readonly findings: readonly Finding[];
}

/** Reads maps; `-` is stdin. Throws TERR_CLI_INPUT. */
export async function readMaps(files: readonly string[], context: Context): Promise<MapsHere> {
  const maps: MapsHere[] = [];
  for (const file of files)
    // oxlint-disable-next-line no-await-in-loop -- in their order, and stdin is one
    maps.push(readMap(await readText(file, context), file));
  return {
    rows: maps.flatMap(({ rows }) => rows),
    findings: maps.flatMap(({ findings }) => findings),
  };
}

/** The rows of several maps as the text of one. Throws TERR_CLI_INPUT where one can not be read. */
export async function oneMapOf(files: readonly string[], context: Context): Promise<string> {
  const { rows, findings } = await readMaps(files, context);
  const [wrong] = findings;
  if (wrong)
    throw cliErrors('INPUT', `${wrong.file}:${wrong.line}: ${wrong.message}`, {
      field: '<files...>',
    });
  const field = (text: string): string =>
    /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map(({ old, to, status }) => `${field(old)},${field(to)},${status}\n`);
  return `Old Url,New Url,Status\n${lines.join('')}`;
}

/** `FILE:LINE:COLUMN: message [rule]`; of what is only a warning, that it is one. */
export async function printFindings(
  findings: readonly Finding[],
  terminal: Terminal,
): Promise<void> {
  for (let i = 0; i < findings.length; i += 1000) {
    const lines = findings.slice(i, i + 1000).map((finding) => {
      const { file, line, column, rule, severity, message } = finding;
      const word = severity === 'warning' ? 'warning: ' : '';
      return `${file}:${line}:${column}: ${word}${printable(message)} [${rule}]\n`;
    });
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await terminal.print(lines.join(''));
  }
}

/** `1 error, 2 warnings` */
export function counted(findings: readonly Finding[]): string {
  const { errors, warnings } = countFindings(findings);
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

/** Names of parameters as they are given: `all`, `none`, or some. */
export function significantOf(names: readonly string[] | undefined): Significant {
  if (names === undefined || names.includes('all')) return 'all';
  return names.filter((name) => name !== 'none').map((name) => name.toLowerCase());
}

/** An option that may be given more than once, or once with commas. */
export function names(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...value.split(',').map((name) => name.trim())];
}
