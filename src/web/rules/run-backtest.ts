import type {
  Backtest,
  BacktestError,
  BacktestLine,
  BacktestProgress,
  BacktestRequest,
} from '../../server/api/contract-backtest.ts';
import { ApiError, request } from '../kit/api.ts';

/** The rules could not be run: what is wrong with their files, where that is what is wrong. */
export class RefusedRules extends Error {
  readonly code: string;
  readonly problems: BacktestError['problems'];

  constructor({ code, message, problems }: BacktestError) {
    super(message);
    this.name = 'RefusedRules';
    this.code = code;
    this.problems = problems;
  }
}

/** Each line of such a refusal is `FILE:LINE:COLUMN: message`. */
const aboutRules = 'TERR_BACKTEST_RULES';
const place = /^(?<file>\S+?):(?<line>\d+):(?<column>\d+): (?<message>.*)$/gm;

/** A refusal that came instead of the first line; the places are in its words. */
function refused(error: unknown): unknown {
  const problem = error instanceof ApiError ? error.problem : undefined;
  if (problem?.code !== aboutRules) return error;
  const problems = [...(problem.detail ?? '').matchAll(place)].map(({ groups = {} }) => ({
    file: groups['file'] ?? '',
    line: Number(groups['line']),
    column: Number(groups['column']),
    message: groups['message'] ?? '',
  }));
  if (problems.length === 0) return error;
  return new RefusedRules({ code: problem.code, message: problem.title, problems });
}

/** Runs rules over what was recorded. Throws ApiError, RefusedRules. */
export async function runBacktest(
  asked: BacktestRequest,
  onProgress: (progress: BacktestProgress) => void,
  signal: AbortSignal,
): Promise<Backtest> {
  const response = await request('/api/v1/rules/backtest', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(asked),
    signal,
  }).catch((error: unknown) => {
    throw refused(error);
  });
  for await (const text of linesOf(response)) {
    const line = JSON.parse(text) as BacktestLine; // made by the server from the same type
    if ('error' in line) throw new RefusedRules(line.error);
    if ('result' in line) return line.result;
    onProgress(line);
  }
  throw new ApiError('The answer ended before the result came', undefined, undefined);
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read piece by piece
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
    if (done) break;
  }
  if (rest.trim() !== '') yield rest;
}
