import { useNavigate, useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { EditorHandle } from '../../kit/Editor.tsx';
import { useMapNow } from '../store.ts';
import { insertSnippet } from './insert-snippet.ts';
import type { MapText } from './use-map-text.ts';

/**
 * Does what the address asks, once: goes to a line, or puts in the lines that mend an error of the
 * map. Gives whether that error is not there.
 */
export function useAsked(
  of: MapText,
  editor: RefObject<EditorHandle | null>,
  refusal: string | undefined,
): boolean {
  const { line, column, add } = useSearch({ from: '/inside/map/source' });
  const navigate = useNavigate({ from: '/map/source' });
  const map = useMapNow();
  const snippet = map?.problems.find(({ id }) => id === add)?.snippet;
  const place = useRef<number>(undefined);
  const goTo = useEffectEvent((to: number) =>
    editor.current?.goTo({ line: to, column: Number(column) || 1, message: '' }),
  );
  const insert = useEffectEvent((lines: string) => {
    const inserted = insertSnippet(of.text, lines);
    place.current = inserted.line;
    of.change(inserted.text);
    void navigate({ search: {}, replace: true });
  });
  useEffect(() => {
    if (Number(line) >= 1) goTo(Number(line));
  }, [line, column]);
  useEffect(() => {
    if (snippet !== undefined && refusal === undefined) insert(snippet);
  }, [snippet, refusal]);
  useEffect(() => {
    if (place.current !== undefined) goTo(place.current);
    place.current = undefined;
  }, [of.text]);
  return add !== undefined && map !== undefined && snippet === undefined;
}
