import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { setCritical } from '../kit/title.ts';
import { keyOf } from '../stream/search.ts';
import { TailFeed } from '../stream/tail-feed.ts';
import { openAlertsQuery } from './api.ts';
import { showNotice } from './browser-notices.ts';

const facts = ['alert', 'silence', 'notification']
  .map((kind) => `type =~ "dev.cdeventsx.territory-${kind}.%"`)
  .join(' or ');
const asked = ['alerts', 'silences', 'notifications'];

/**
 * Keeps everything that is known of alerts up to date on every page, puts the number of critical
 * ones before the title, and tells the browser of new ones where that was asked for.
 */
export function useAlertsLive(): void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data } = useQuery(openAlertsQuery);
  const critical = data?.open.critical ?? 0;
  useEffect(() => setCritical(critical), [critical]);
  const onFacts = useEffectEvent((fresh: readonly PlacedEvent[]) => {
    void queries.invalidateQueries({
      predicate: ({ queryKey: [of] }) => asked.includes(String(of)),
    });
    for (const fact of fresh)
      showNotice(fact, (id) =>
        id === undefined
          ? void navigate({ to: '/alerts' })
          : void navigate({ to: '/alerts/$id', params: { id } }),
      );
  });
  useEffect(() => {
    const feed = new TailFeed(facts);
    let last: string | undefined;
    const stopHearing = feed.subscribe(() => {
      const { rows } = feed.get();
      const [newest] = rows;
      if (!newest || keyOf(newest) === last) return;
      const known = rows.findIndex((row) => keyOf(row) === last);
      last = keyOf(newest);
      onFacts(known < 0 ? rows : rows.slice(0, known));
    });
    const stop = feed.start();
    return () => {
      stopHearing();
      stop();
      setCritical(0);
    };
  }, []);
}
