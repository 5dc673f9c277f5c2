import type { IntakeView, SenderView } from '../../server/api/contract-intakes.ts';
import { quote } from '../where/quote.ts';

/** Ways in that make readings of what all their senders sent in an interval. */
const together: readonly string[] = ['statsd'];
/** Ways in whose events name their own producer, such as a repository. */
const named: readonly string[] = ['webhook', 'git', 'git-hook'];

/** The filter that finds the events of a sender; undefined when its source does not tell. */
export function sourceOf(
  { intake, sender }: Pick<SenderView, 'intake' | 'sender'>,
  kind: IntakeView['kind'] | undefined,
): string | undefined {
  if (named.includes(intake) || kind === undefined) return undefined;
  if (kind === 'http') return `source = ${quote(`/tokens/${encodeURIComponent(sender)}`)}`;
  const own = kind === 'poller' || together.includes(intake) ? '' : `/${sender}`;
  return `source = ${quote(`/${intake}${own}`)}`;
}
