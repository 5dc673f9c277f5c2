import type { LogState } from '../../log/log.ts';
import type { Health } from '../api/contract.ts';
import type { HistoryState } from '../introspection/state.ts';

/** What the parts say of themselves at one moment. */
export interface PartStates {
  readonly stopping: boolean;
  readonly log: LogState;
  readonly history: HistoryState;
  readonly follower: 'ok' | 'starting';
  readonly alerts: 'ok' | 'starting';
  readonly rules: 'ok' | 'starting' | 'restarting' | 'off';
  readonly threads: 'ok' | 'starting';
  readonly map: 'ok' | 'starting';
}

/**
 * Healthy is who takes events and keeps them: not with a log that refuses them. History and what
 * follows the log may start again meanwhile, and no load balancer should turn the producers away
 * for it.
 */
export function healthOf({ stopping, log, history, ...others }: PartStates): Health {
  const intake = stopping ? 'stopped' : 'ok';
  const shown = history === 'running' ? 'ok' : history;
  const parts = { intake, log: stopping ? intake : log, history: shown, ...others } as const;
  return { ok: !stopping && log === 'ok', parts };
}
