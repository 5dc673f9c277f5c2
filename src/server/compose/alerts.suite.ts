import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDrafts } from '../../event/codec.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import { alertsSource } from '../../rooms/alerts/facts.ts';
import { Play } from '../../rooms/alerts/play.suite.ts';
import { dataDir } from './running.suite.ts';

/** A data directory in which three alerts were decided before the server starts. */
export async function withAlerts(): Promise<string> {
  const data = dataDir();
  mkdirSync(data, { recursive: true });
  const log = await openLmdbLog({ dir: join(data, 'log'), role: 'writer', now: Date.now });
  const play = new Play();
  play.decide(0, 'critical', { key: { service: 'shop' }, host: 'web1', value: 7 });
  play.decide(1, 'warning', { key: { service: 'search' } });
  play.decide(2, 'critical', { key: { service: 'mail' } });
  play.decide(600, 'ok', { key: { service: 'mail' } });
  const { facts } = encodeDrafts(play.facts, alertsSource);
  if (facts) await log.append('facts', facts);
  await log.close();
  return data;
}
