import type { ArtefactFile } from '../../server/api/contract-artefacts.ts';

/** One line of a folder. */
export type FolderLine =
  | ({ readonly kind: 'folder'; readonly name: string; readonly path: string } & Sum)
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly path: string;
      readonly file: ArtefactFile;
    };

interface Sum {
  readonly files: number;
  /** Bytes. */
  readonly size: number;
}

/** What is in a folder of an artefact, folders first, each by name; `` is its root. */
export function linesOf(files: readonly ArtefactFile[], folder: string): FolderLine[] {
  const below = folder === '' ? '' : `${folder}/`;
  const folders = new Map<string, { files: number; size: number }>();
  const plain: FolderLine[] = [];
  for (const file of files) {
    if (!file.path.startsWith(below)) continue;
    const rest = file.path.slice(below.length);
    const slash = rest.indexOf('/');
    if (slash < 0) plain.push({ kind: 'file', name: rest, path: file.path, file });
    else {
      const sum = folders.get(rest.slice(0, slash)) ?? { files: 0, size: 0 };
      sum.files++;
      sum.size += file.size;
      folders.set(rest.slice(0, slash), sum);
    }
  }
  const names = [...folders].map(([name, sum]): FolderLine => ({
    kind: 'folder',
    name,
    path: below + name,
    ...sum,
  }));
  return [...names.toSorted(byName), ...plain.toSorted(byName)];
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name.localeCompare(b.name, 'en', { numeric: true });

/** Files of which the path has every word of a text in it. */
export function filesWith(files: readonly ArtefactFile[], text: string): ArtefactFile[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return files.filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)));
}

/** The folders above a path, the outermost first, each with its own path. */
export function aboveOf(path: string): { readonly name: string; readonly path: string }[] {
  const parts = path.split('/').filter(Boolean);
  return parts.map((name, i) => ({ name, path: parts.slice(0, i + 1).join('/') }));
}
