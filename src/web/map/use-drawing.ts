import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';
import { type MapFeed, mapFeed, useMapFeed, useMapModel, useMapState } from './store.ts';

const pathOf = (expand: string, at: number | undefined): string => {
  const query = new URLSearchParams({
    ...(expand !== '' && { expand }),
    ...(at !== undefined && { at: String(Math.round(at)) }),
  });
  return `/api/v1/map/drawing${query.size > 0 ? `?${query.toString()}` : ''}`;
};

/** Asked for before it is known which map is declared, so that it comes together with the map. */
let early: { readonly expand: string; readonly drawing: Promise<DrawingAnswer> } | undefined;

/** Begins to load the map and its drawing side by side; before the page is there. */
export function startMap(expand: string): void {
  if (mapFeed.model() || early?.expand === expand) return;
  void mapFeed.load();
  const drawing = mapFeed.get<DrawingAnswer>(pathOf(expand, undefined));
  // It is asked for again by who needs it.
  drawing.catch(() => {});
  early = { expand, drawing };
}

/** Asks for the home page's code and data at once, beside the question who is signed in. */
export function startHome({ pathname, search }: Pick<Location, 'pathname' | 'search'>): void {
  if (pathname !== '/' && pathname !== '/map') return;
  startMap(new URLSearchParams(search).get('expand') ?? '');
  // The router asks for it again, and tells when it can't be had.
  void import('./MapPage.tsx').catch(() => {});
}

/** Where everything stands, of the map that is shown. What was drawn stays until the next one comes. */
export function useDrawing(expand: string): UseQueryResult<DrawingAnswer> {
  const feed = useMapFeed();
  const model = useMapModel();
  const state = useMapState();
  const at = state.kind === 'past' ? state.at : undefined;
  const hash = model?.version?.hash;
  return useQuery({
    // The same map is drawn in the same way whenever it is looked at.
    queryKey: ['map', 'drawing', feed.identity, hash, expand],
    queryFn: async ({ signal }) => {
      const first =
        feed === mapFeed && at === undefined ? await takeEarly(expand, feed) : undefined;
      return first ?? feed.get<DrawingAnswer>(pathOf(expand, at), signal);
    },
    enabled: model !== undefined && model.nodes.length > 0,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

/** What was asked for early, once, and only when it is of the map that came. */
async function takeEarly(expand: string, feed: MapFeed): Promise<DrawingAnswer | undefined> {
  const taken = early;
  early = undefined;
  if (taken?.expand !== expand) return undefined;
  const drawing = await taken.drawing.catch(() => undefined);
  const drawn = new Set(drawing?.boxes.flatMap(({ nodes }) => nodes));
  const nodes = feed.model()?.nodes ?? [];
  return nodes.length === drawn.size && nodes.every(({ id }) => drawn.has(id))
    ? drawing
    : undefined;
}
