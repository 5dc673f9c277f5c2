import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useKeptText } from '../../kit/use-kept-text.ts';
import { saveSource, sourceQuery } from './api.ts';

/** The text of the map: as it is saved, and as somebody writes it on this page. */
export function useMapText() {
  const queries = useQueryClient();
  const found = useQuery(sourceQuery);
  const saved = found.data;
  const kept = useKeptText({
    saved: saved && { text: saved.text, was: saved.hash },
    save: (text, was) => saveSource({ text, was }),
    onSaved: async (answer) => {
      queries.setQueryData(sourceQuery.queryKey, answer);
      await queries.invalidateQueries({ queryKey: ['map'], refetchType: 'active' });
    },
    onConflict: () => queries.invalidateQueries({ queryKey: sourceQuery.queryKey }),
  });
  return { ...kept, found, saved };
}
export type MapText = ReturnType<typeof useMapText>;
