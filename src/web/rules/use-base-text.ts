import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Library } from '../../server/api/contract-library.ts';
import { libraryQuery, sourceQuery } from './api.ts';
import type { BacktestSearch } from './backtest-search.ts';
import { firstRule } from './first-rule.ts';
import { unpack } from './packed-text.ts';

/** In an address: a text of one's own that is not written yet. */
export const newText = 'new';

/** The text that an address carries. */
export const unpackedQuery = (packed: string) =>
  queryOptions({
    queryKey: ['unpacked', packed],
    // A query may not answer undefined.
    queryFn: async () => (await unpack(packed)) ?? null,
    staleTime: Infinity,
  });

/** What stands in the editor before anybody changes it. */
export interface BaseText {
  /** Undefined while it is on its way, where it cannot be had, and where no text is asked for. */
  readonly text: string | undefined;
  /** What the file is called in messages. */
  readonly name: string;
  readonly error: Error | null;
}

/** The text that an address asks for: its own before that of a file, and that before a ready one's. */
export function useBaseText(search: BacktestSearch): BaseText {
  const { text, file, ready } = search;
  const kind = kindOf(search);
  const unpacked = useQuery({ ...unpackedQuery(text ?? ''), enabled: kind === 'packed' });
  const ofFile = useQuery({ ...sourceQuery(file ?? ''), enabled: kind === 'file' });
  const library = useQuery({ ...libraryQuery, enabled: kind === 'ready' });
  const name = nameOf(file ?? `${ready ?? 'rules'}.ts`);
  switch (kind) {
    case 'new':
      return { text: firstRule, name, error: null };
    case 'packed':
      return {
        text: unpacked.data ?? undefined,
        name,
        error: unpacked.data === null ? damaged : null,
      };
    case 'file':
      return { text: ofFile.data, name, error: ofFile.error };
    case 'ready':
      return { text: sourceIn(library.data, ready), name, error: library.error };
    case 'none':
      return { text: undefined, name, error: null };
  }
}

const damaged = new Error('The text in this address is damaged');

function kindOf({
  text,
  file,
  ready,
}: BacktestSearch): 'new' | 'packed' | 'file' | 'ready' | 'none' {
  if (text !== undefined) return text === newText ? 'new' : 'packed';
  if (file !== undefined) return 'file';
  return ready === undefined ? 'none' : 'ready';
}

const sourceIn = (library: Library | undefined, id: string | undefined): string | undefined =>
  library?.ready.find((one) => one.id === id)?.source;

/** The server takes plain names only. */
const nameOf = (file: string): string => {
  const last = file.slice(file.lastIndexOf('/') + 1);
  return /^[\w.-]{1,97}\.ts$/.test(last) ? last : 'rules.ts';
};
