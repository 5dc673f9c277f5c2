import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Bodies } from '../load/events.ts';

const hour = `time > epoch_ms(now()) - 3600000`;
/** The five questions of history.ts in DuckDB's SQL, by the same names. */
const questions: Record<string, string> = {
  'count by type per minute, one service': `select type, time // 60000 m, count(*) from ev where service = 'service-7' and ${hour} group by 1, 2 order by 1, 2`,
  'p99 per minute, top 10 hosts': `select host, time // 60000 m, quantile_cont(metric, 0.99) from ev where name = 'http.server.latency.1' and host in (select host from ev where name = 'http.server.latency.1' and ${hour} group by 1 order by quantile_cont(metric, 0.99) desc limit 10) and ${hour} group by 1, 2 order by 1, 2`,
  'last 1,000 events with a text': `select * from ev where data like '%worker 13' and ${hour} order by time desc limit 1000`,
  'last 1,000 events by attribute': `select * from ev where attributes['customer.id'] = 'c4711' and ${hour} order by time desc limit 1000`,
  'ratio per minute, compared with yesterday': `select time // 60000 m, count(*) filter (where state = 'critical') / count(*) from ev where ${hour} or (time > epoch_ms(now()) - 90000000 and time < epoch_ms(now()) - 86400000) group by 1 order by 1`,
};

/** DuckDB in a file, loaded with the same events by batches of 50,000 lines. */
export async function duckdb(
  events: number,
  rounds: number,
): Promise<{ times: Record<string, number[]>; eventsPerSecond: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  const instance = await DuckDBInstance.create(join(dir, 'ev.duckdb'), { threads: '2' });
  const db = await instance.connect();
  await db.run(
    'create table ev (time bigint, type varchar, source varchar, service varchar, host varchar, environment varchar, name varchar, state varchar, metric double, tags varchar[], attributes map(varchar, varchar), data varchar)',
  );
  const file = join(dir, 'batch.ndjson');
  const bodies = new Bodies({ count: 4, batch: 50_000, ids: false });
  let spent = 0;
  for (let loaded = 0; loaded < events; loaded += 50_000) {
    writeFileSync(file, bodies.next(Date.now()));
    const insert = performance.now();
    await db.run(
      `insert into ev select time, type, source, service, host, environment, name, state, metric, tags, attributes, data from read_json('${file}', format='newline_delimited', columns={time:'bigint',type:'varchar',source:'varchar',service:'varchar',host:'varchar',environment:'varchar',name:'varchar',state:'varchar',metric:'double',tags:'varchar[]',attributes:'map(varchar,varchar)',data:'varchar'})`,
    );
    spent += performance.now() - insert;
  }
  const times: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++)
    for (const [name, sql] of Object.entries(questions)) {
      const start = performance.now();
      await (await db.runAndReadAll(sql)).getRows();
      if (round >= 0) (times[name] ??= []).push(performance.now() - start);
    }
  db.closeSync();
  rmSync(dir, { recursive: true });
  return { times, eventsPerSecond: events / (spent / 1000) };
}
