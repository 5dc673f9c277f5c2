import type { PlacedEvent } from '../../server/api/contract.ts';
import { criticalNotices } from '../kit/preferences.ts';

/** Why this browser can't tell; undefined: it can, or may be asked. */
export function whyNoNotices(): string | undefined {
  if (!('Notification' in window) || !window.isSecureContext)
    return 'This browser shows notifications only for pages that come over HTTPS or from this machine';
  if (Notification.permission === 'denied')
    return 'This browser was told to show no notifications of this page: allow them in its settings';
  return undefined;
}

/** Asks the browser, and turns notices on if it agrees. */
export async function turnNoticesOn(): Promise<void> {
  const permission = await Notification.requestPermission();
  criticalNotices.set(permission === 'granted' ? 'on' : 'off');
}

/**
 * Shows a notice for a notification that is meant for browsers and is about something critical. What
 * is silenced, inhibited or told already is no such notification: the server has seen to that.
 */
export function showNotice(fact: PlacedEvent, onOpen: (alert: string | undefined) => void): void {
  if (criticalNotices.get() !== 'on' || whyNoNotices() !== undefined) return;
  if (!/territory-notification\.queued\./.test(fact.type) || fact.state !== 'critical') return;
  if (fact.attributes?.['to'] !== 'browser') return;
  const { title, body, open } = wordsIn(fact.data);
  try {
    // The next notice about the same group takes the place of the one before, and is heard again.
    const notice = new Notification(title, { body, tag: fact.subject ?? fact.id });
    notice.addEventListener('click', () => {
      window.focus();
      notice.close();
      onOpen(open.length === 1 ? open[0] : undefined);
    });
  } catch {
    // Chrome on Android has the permission, but shows notices of service workers only.
    criticalNotices.set('off');
  }
}

interface Words {
  readonly title: string;
  readonly body: string;
  /** Ids of the alerts that it tells of. */
  readonly open: readonly string[];
}

function wordsIn(data: unknown): Words {
  const fields = new Map(typeof data === 'object' && data !== null ? Object.entries(data) : []);
  const text = (name: string): string => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  const open: unknown = fields.get('open');
  return {
    title: text('title') || 'A critical alert',
    body: text('body').split('\n').slice(0, 3).join('\n'),
    open: typeof open === 'object' && open !== null ? Object.keys(open) : [],
  };
}
