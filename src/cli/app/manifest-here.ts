import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../../rooms/releases/manifest/read.ts';
import type { Manifest } from '../../rooms/releases/manifest/manifest.ts';
import { cliErrors } from '../errors.ts';
import type { OwnTerminal } from '../terminal.ts';
import { printable } from '../words.ts';

export const manifestFile = 'territory.yaml';

/** Reads the manifest of a folder, or the file itself; says its faults. Throws TERR_CLI_INPUT. */
export function manifestHere(path: string, terminal: OwnTerminal): Manifest {
  const file = isFolder(path) ? join(path, manifestFile) : path;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw cliErrors('INPUT', `there is no ${file}; \`territory init\` writes a first one`, {
      field: '[path]',
    });
  }
  const { manifest, faults } = readManifest(file, text);
  for (const { severity, message, line, column } of faults)
    terminal.say(`${severity}: ${printable(message)} (${file}:${line}:${column})`);
  if (!manifest) throw cliErrors('INPUT', `${file} is not right`, { file });
  return manifest;
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
