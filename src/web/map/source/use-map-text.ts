import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MapSource } from '../../../server/api/contract-map-source.ts';
import { ApiError } from '../../kit/api.ts';
import { saveSource, sourceQuery } from './api.ts';

/** What somebody wrote that is not saved, and what they changed: its hash. */
interface Mine {
  readonly text: string;
  readonly was: string;
}

/** The text of the map: as it is saved, and as somebody writes it on this page. */
export function useMapText() {
  const queries = useQueryClient();
  const found = useQuery(sourceQuery);
  const [mine, setMine] = useState<Mine>();
  const saved = found.data;
  const isChanged = mine !== undefined && mine.text !== saved?.text;
  const save = useMutation({
    mutationFn: saveSource,
    onSuccess: async (answer: MapSource) => {
      queries.setQueryData(sourceQuery.queryKey, answer);
      setMine(undefined);
      await queries.invalidateQueries({ queryKey: ['map'], refetchType: 'active' });
    },
    onError: async (error) => {
      // What the others wrote is shown beside it.
      if (isConflict(error)) await queries.invalidateQueries({ queryKey: sourceQuery.queryKey });
    },
  });
  return {
    found,
    saved,
    text: mine?.text ?? saved?.text ?? '',
    isChanged,
    /** The saved text is another than the one that was changed here. */
    isBehind: isChanged && mine.was !== saved?.hash,
    save,
    isConflict: isConflict(save.error),
    change: (text: string) => setMine({ text, was: mine?.was ?? saved?.hash ?? '' }),
    /** Drops what was written here. */
    drop: () => {
      setMine(undefined);
      save.reset();
    },
    /** Saves what was written over what it was made of, or over what is there now. */
    store: (over: 'what-i-read' | 'what-is-there' = 'what-i-read') => {
      if (mine === undefined || save.isPending) return;
      const was = over === 'what-is-there' ? (saved?.hash ?? '') : mine.was;
      save.mutate({ text: mine.text, was });
    },
  };
}
export type MapText = ReturnType<typeof useMapText>;

const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409;
