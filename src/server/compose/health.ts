import type { Health } from '../api/contract.ts';
import type { HistoryState } from '../introspection/state.ts';

/** What the parts say of themselves at one moment. */
export interface PartStates {
  readonly stopping: boolean;
  readonly history: HistoryState;
  readonly follower: 'ok' | 'starting';
  readonly alerts: 'ok' | 'starting';
  readonly rules: 'ok' | 'starting' | 'restarting' | 'off';
}

/**
 * Healthy is who takes events and keeps them. History and its follower may start again meanwhile,
 * and no load balancer should turn the producers away for it.
 */
export function healthOf({ stopping, history, ...others }: PartStates): Health {
  const intake = stopping ? 'stopped' : 'ok';
  const shown = history === 'running' ? 'ok' : history;
  return { ok: !stopping, parts: { intake, log: intake, history: shown, ...others } };
}
