import { createRequire } from 'node:module';
import type Papa from 'papaparse';
import type { Finding } from './finding.ts';

// Not imported: plugins of Nagios are a process each, and few of them read a map.
const require = createRequire(import.meta.url);

/** One row of a redirect map: what an address has to answer. */
export interface Mapping {
  /** Name of the file it stands in. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As it is written: it is asked for like this, byte for byte. */
  readonly old: string;
  /** Where it leads; '' where it leads nowhere. */
  readonly to: string;
  /** NaN: it is no number. */
  readonly status: number;
  /** Columns in the line where `old`, `to` and the status begin, from 1. */
  readonly oldAt: number;
  readonly toAt: number;
  readonly statusAt: number;
}

/** A map as it was read: its rows, and what could not be read. */
export interface ReadMap {
  readonly rows: readonly Mapping[];
  readonly findings: readonly Finding[];
}

/** Answers that lead somewhere. */
export const leads = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308;

interface Places {
  readonly old: number;
  readonly to: number;
  /** -1: there is none, and it is 301 with a target, 410 without. */
  readonly status: number;
}

/** Names of columns, in lower case and without spaces, `_` and `-`. */
const names: Readonly<Record<keyof Places, readonly string[]>> = {
  old: ['oldurl', 'old', 'from', 'source'],
  to: ['newurl', 'new', 'to', 'target'],
  status: ['status', 'code', 'statuscode'],
};

/** Reads a CSV with the columns `Old Url,New Url,Status`, in any order and with others beside them. */
export function readMap(text: string, file: string): ReadMap {
  const { parse } = require('papaparse') as typeof Papa;
  const { data, errors } = parse<string[]>(text, { delimiter: ',' });
  const findings: Finding[] = [];
  const find = (line: number, column: number, message: string): void =>
    void findings.push({ file, line, column, rule: 'form', severity: 'error', message });
  const [head = [], ...records] = data;
  const places = placesIn(head);
  if (!places) {
    find(1, 1, 'the first line names the columns: Old Url,New Url,Status');
    return { rows: [], findings };
  }
  const broken = new Map(errors.map(({ row = 0, message }) => [row, message]));
  let line = 2 + linesIn(head);
  const rows: Mapping[] = [];
  for (const [i, record] of records.entries()) {
    const wrong = broken.get(i + 1);
    const isBlank = record.length === 1 && record[0]?.trim() === '';
    if (wrong !== undefined) find(line, 1, `this is no CSV: ${wrong}`);
    else if (!isBlank) {
      if (record.length <= Math.max(places.old, places.to))
        find(line, 1, `it has ${record.length} of ${head.length} columns`);
      else rows.push(mappingOf(record, places, { file, line }));
    }
    line += 1 + linesIn(record);
  }
  return { rows, findings };
}

function placesIn(head: readonly string[]): Places | undefined {
  const known = head.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const place = (of: keyof Places): number => known.findIndex((name) => names[of].includes(name));
  const [old, to, status] = [place('old'), place('to'), place('status')];
  return old < 0 || to < 0 ? undefined : { old, to, status };
}

function mappingOf(
  record: readonly string[],
  { old, to, status }: Places,
  { file, line }: Pick<Mapping, 'file' | 'line'>,
): Mapping {
  const target = record[to]?.trim() ?? '';
  const said = record[status]?.trim() ?? '';
  return {
    file,
    line,
    old: record[old]?.trim() ?? '',
    to: target,
    status: status < 0 || said === '' ? (target === '' ? 410 : 301) : statusOf(said),
    oldAt: columnOf(record, old),
    toAt: columnOf(record, to),
    statusAt: columnOf(record, Math.max(status, 0)),
  };
}

const statusOf = (text: string): number => (/^\d{3}$/.test(text) ? Number(text) : Number.NaN);

/** Where a field begins; quotes that were needed are counted. */
function columnOf(record: readonly string[], place: number): number {
  let column = 1;
  for (let i = 0; i < place; i++) {
    const field = record[i] ?? '';
    const quotes = /[",\n]/.test(field) ? 2 + field.split('"').length - 1 : 0;
    column += field.length + quotes + 1;
  }
  return column;
}

/** Line ends within the fields of a record. */
function linesIn(record: readonly string[]): number {
  let lines = 0;
  for (const field of record) if (field.includes('\n')) lines += field.split('\n').length - 1;
  return lines;
}
