import { useMutation, useQueryClient } from '@tanstack/react-query';
import { alertsApi } from './api.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';

interface Asked {
  readonly alert: Alert;
  readonly note?: string;
}

/** Takes an alert on, or gives it back when somebody has it. */
export function useAcknowledge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ alert, note }: Asked) =>
      alert.acknowledged
        ? alertsApi.unacknowledge(alert.id)
        : alertsApi.acknowledge(alert.id, note),
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
}
