import type { ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Type } from 'typebox';
import { CodedError } from '../../errors/coded-error.ts';
import { alertOf } from '../../rooms/alerts/state.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import { securityHeaders } from '../http/headers.ts';
import type { Parts } from '../parts.ts';
import {
  type Against,
  type BacktestJob,
  defaultLimits,
  liveRules,
  runBacktest,
} from '../rules/backtest/backtest.ts';
import { backtestError, RuleFileProblems } from '../rules/backtest/errors.ts';
import type { RulesGiven, WrittenRules as Written } from '../rules/backtest/files.ts';
import { ruleFilesIn } from '../rules/loading/compile.ts';
import { rulesDirectory } from '../rules/directory.ts';
import { problem } from './answers.ts';
import { type BacktestError, type BacktestLine, BacktestRequest } from './contract-backtest.ts';
import { readDuration, readTime } from './times.ts';

/** Each has a thread that takes a core and up to `defaultLimits.memory`. */
const mostAtOnce = 2;
const bodyLimit = 4_194_304;
/** Around an alert: what led to it, and how it went on. */
const beforeAlertMs = 3_600_000;
const afterAlertMs = 1_800_000;

const description = `Runs rules over what was recorded, at full speed and with no side effects. The answer is
NDJSON: lines \`{"progress":…}\` while it runs, then one line \`{"result":…}\` (docs/formats/backtest.md) or
\`{"error":…}\`. Who goes away ends it. Without \`source\` and \`file\` it is a replay of the rules that run now.`;

/** POST /api/v1/rules/backtest */
export function addBacktestRoutes(app: App, parts: Parts): void {
  let running = 0;
  app.post(
    '/api/v1/rules/backtest',
    {
      schema: {
        summary: 'Try rules on what was recorded',
        description,
        tags: ['rules'],
        body: BacktestRequest,
        response: {
          200: {
            description: 'Progress, then the result',
            content: { 'application/x-ndjson': { schema: Type.String() } },
          },
          400: problem(400),
          401: problem(401),
          403: problem(403),
          503: problem(503),
        },
      },
      bodyLimit,
      config: { needs: 'administer' },
    },
    async (request, reply) => {
      if (running >= mostAtOnce)
        throw backtestError('BUSY', `${running} backtests are running; try again in a moment`, {
          retryAfter: 5,
        });
      running++;
      try {
        const lines = new Lines(reply.raw, () => void reply.hijack());
        await run(jobOf(request.body, parts), parts, lines);
      } finally {
        running--;
      }
      return reply;
    },
  );
}

/** The answer line by line; begun with the first, so that before it a problem can be answered. */
class Lines {
  readonly gone: AbortSignal;
  readonly #response: ServerResponse;
  readonly #takeOver: () => void;
  begun = false;

  constructor(response: ServerResponse, takeOver: () => void) {
    this.#response = response;
    this.#takeOver = takeOver;
    const left = new AbortController();
    this.gone = left.signal;
    response.once('close', () => left.abort());
  }

  tell(line: BacktestLine): void {
    this.write(JSON.stringify(line));
  }

  write(line: string): void {
    if (!this.begun) {
      this.begun = true;
      this.#takeOver();
      this.#response.writeHead(200, {
        ...securityHeaders,
        'content-type': 'application/x-ndjson; charset=utf-8',
      });
    }
    this.#response.write(`${line}\n`);
  }

  end(): void {
    this.#response.end();
  }
}

/** Throws what keeps it from its first line; what happens later is told in the last one. */
async function run(job: BacktestJob, parts: Parts, lines: Lines): Promise<void> {
  const { enabled } = parts.config.history;
  try {
    const json = await runBacktest(job, {
      history: enabled ? parts.history.ask : 'history is not kept here (history.enabled is false)',
      signal: lines.gone,
      limits: defaultLimits,
      onProgress: (part, events, received) => lines.tell({ progress: part, events, received }),
    });
    lines.write(`{"result":${json}}`);
  } catch (error) {
    const coded = codedFailure(error);
    // Who went away is told nothing.
    if (!lines.begun && !lines.gone.aborted) throw coded;
    lines.tell({ error: errorOf(error, coded) });
  }
  lines.end();
}

function codedFailure(error: unknown): unknown {
  if (!(error instanceof RuleFileProblems)) return error;
  const [first] = error.problems;
  return backtestError('RULES', error.message, first ? placeOf(first) : {});
}

const placeOf = ({ file, line, column }: { file: string; line: number; column: number }) => ({
  file,
  line,
  column,
});

function errorOf(error: unknown, coded: unknown): BacktestError {
  const { code, message } =
    coded instanceof CodedError ? coded : backtestError('FAILED', 'the server could not run it');
  const problems = error instanceof RuleFileProblems ? error.problems : [];
  return { code, message, problems: problems.map((one) => ({ ...one })) };
}

/** Throws TERR_BACKTEST_RANGE, TERR_BACKTEST_NONE, TERR_API_NOT_FOUND, TERR_API_TIME_RANGE. */
function jobOf(body: BacktestRequest, parts: Parts): BacktestJob {
  const directory = rulesDirectory(parts.config);
  const live = existsSync(directory) ? ruleFilesIn(directory) : [];
  const { only } = body;
  return {
    logDir: join(parts.config.data, 'log'),
    ...rangeOf(body, parts),
    rules: candidateOf(body, live),
    ...againstOf(body, live),
    ...(only === undefined ? {} : { only }),
  };
}

function candidateOf(
  { file, source, name, beside }: BacktestRequest,
  live: readonly string[],
): RulesGiven {
  if (source !== undefined)
    return written({ source, ...(name && { name }), ...(beside && { beside }) });
  if (file === undefined) {
    if (live.length > 0) return { files: live };
    throw backtestError('NONE', 'no rule runs here that could be replayed: send a "source"');
  }
  const found = live.find((path) => basename(path) === file);
  if (found !== undefined) return { files: [found] };
  throw apiError(
    'NOT_FOUND',
    `there is no ${JSON.stringify(file.slice(0, 100))} in the rules directory`,
    {
      field: 'file',
    },
  );
}

const written = (rules: Written): Written => rules;

function againstOf(
  { against, source, file, name }: BacktestRequest,
  live: readonly string[],
): { readonly against?: Against } {
  if (against === 'none') return {};
  if (typeof against === 'object')
    return { against: { name: against.name ?? 'other', rules: written(against) } };
  const replay = source === undefined && file === undefined;
  if (replay || live.length === 0) return {};
  return { against: liveRules(live, source === undefined ? file : name) };
}

function rangeOf(
  { from, to, last, alert }: BacktestRequest,
  { now, alerts }: Parts,
): { readonly from: number; readonly to: number } {
  if (alert !== undefined) {
    const found = alertOf(alerts.keeper.state, alert);
    if (!found)
      throw apiError('NOT_FOUND', `there is no alert ${JSON.stringify(alert.slice(0, 100))}`);
    const end = Math.min(now(), (found.resolvedAt ?? now()) + afterAlertMs);
    return { from: found.openedAt - beforeAlertMs, to: end };
  }
  // Nothing lies in the future: to run rules into it would be to say that it is silent.
  const until = Math.min(now(), to === undefined ? now() : readTime(to, 'to'));
  if (from !== undefined) return { from: readTime(from, 'from'), to: until };
  if (last !== undefined) return { from: until - readDuration(last, 'last'), to: until };
  throw backtestError('RANGE', 'say which time: from and to, last, or alert', { field: 'from' });
}
