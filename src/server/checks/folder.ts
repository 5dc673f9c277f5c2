import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DirectoryWatch } from '../rules/directory-watch.ts';
import { type FeatureText, isFeatureFile } from './features.ts';

/** Name of the settings in the folder. */
export const settingsName = 'checks.yaml';
/** Bytes of one file, and files of one folder. */
const mostBytes = 512 * 1024;
export const mostFiles = 2_000;

/** What stands in the folder of checks. */
export interface FolderContents {
  readonly features: readonly FeatureText[];
  /** The text of `checks.yaml`; undefined: there is none. */
  readonly settings: string | undefined;
  /** What could not be read, as `file: why`. */
  readonly left: readonly { readonly file: string; readonly why: string }[];
}

/** Reads the features and the settings of a folder. Throws where the folder itself can not be read. */
export function readFolder(folder: string): FolderContents {
  const features: FeatureText[] = [];
  const left: { file: string; why: string }[] = [];
  let settings: string | undefined;
  for (const file of filesIn(folder)) {
    if (file !== settingsName && !isFeatureFile(file)) continue;
    if (features.length >= mostFiles) {
      left.push({ file, why: `there are more than ${mostFiles} files` });
      break;
    }
    const text = textOf(join(folder, file));
    if (typeof text !== 'string') left.push({ file, why: text.why });
    else if (file === settingsName) settings = text;
    else features.push({ file, text });
  }
  return { features, settings, left };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.split('/').some((part) => part === 'node_modules' || part === '.git'))
    .toSorted();
}

function textOf(path: string): string | { readonly why: string } {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) return { why: `it has more than ${mostBytes} bytes` };
    return readFileSync(path, 'utf8');
  } catch (error) {
    return { why: (error as NodeJS.ErrnoException).code ?? 'it can not be read' };
  }
}

/** Tells at the start and whenever something of a folder has changed. Made where it is not there. */
export function watchFolder(
  folder: string,
  onChange: () => Promise<void>,
  onError: (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new DirectoryWatch({
    directory: folder,
    endings: ['.feature', '.feature.md', '.yaml', '.ts'],
    onChange,
    onError,
  });
}
