import { useNavigate, useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { EditorHandle } from '../../kit/Editor.tsx';
import { useMapNow } from '../store.ts';
import { insertSnippet } from './insert-snippet.ts';
import type { MapText } from './use-map-text.ts';

interface Asked {
  readonly of: MapText;
  /** Of the map, without its folder. */
  readonly file: string;
  readonly editor: RefObject<EditorHandle | null>;
  /** Why the text may not be changed. */
  readonly refusal: string | undefined;
}

/**
 * Does what the address asks, once: goes to a place, or puts in the lines that mend an error of the
 * map. Gives why it cannot; undefined: it can.
 */
export function useAsked({ of, file, editor, refusal }: Asked): string | undefined {
  const search = useSearch({ from: '/inside/map/source' });
  const navigate = useNavigate({ from: '/map/source' });
  const map = useMapNow();
  const { line, column, add } = search;
  const snippet = map?.problems.find(({ id }) => id === add)?.snippet;
  const isElsewhere = search.file !== undefined && search.file !== file;
  const inserted = useRef<number>(undefined);
  const goTo = useEffectEvent((to: number) =>
    editor.current?.goTo({ line: to, column: Number(column) || 1, message: '' }),
  );
  const insert = useEffectEvent((lines: string) => {
    const next = insertSnippet(of.text, lines);
    inserted.current = next.line;
    of.change(next.text);
    void navigate({ search: {}, replace: true });
  });
  useEffect(() => {
    if (Number(line) >= 1 && !isElsewhere) goTo(Number(line));
  }, [line, column, isElsewhere]);
  useEffect(() => {
    if (snippet !== undefined && refusal === undefined) insert(snippet);
  }, [snippet, refusal]);
  useEffect(() => {
    if (inserted.current !== undefined) goTo(inserted.current);
    inserted.current = undefined;
  }, [of.text]);
  if (isElsewhere)
    return `That is in ${search.file}, line ${line}, which the map only imports: change it there.`;
  if (add === undefined || map === undefined || snippet !== undefined) return undefined;
  return 'That error of the map is not there any more, so there is nothing to put in.';
}
