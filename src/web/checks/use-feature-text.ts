import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../kit/api.ts';
import { useKeptText } from '../kit/use-kept-text.ts';
import { featureQuery, saveFeature } from './api.ts';

/** The text of a feature: as it is saved, and as somebody writes it on this page. */
export function useFeatureText(file: string) {
  const queries = useQueryClient();
  const found = useQuery(featureQuery(file));
  const isNew = found.error instanceof ApiError && found.error.status === 404;
  const saved = isNew ? undefined : found.data;
  const kept = useKeptText({
    saved: isNew ? nothing : saved && { text: saved.text, was: saved.revision },
    save: (text, was) => saveFeature(file, text, was),
    onSaved: () => queries.invalidateQueries({ queryKey: ['checks'] }),
    onConflict: () => queries.invalidateQueries({ queryKey: featureQuery(file).queryKey }),
  });
  return { ...kept, found, saved, isNew };
}
export type FeatureText = ReturnType<typeof useFeatureText>;

const nothing = { text: '', was: 0 };
