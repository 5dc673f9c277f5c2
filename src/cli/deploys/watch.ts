import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../errors/coded-error.ts';
import { Deploy, LogPiece } from '../../server/api/contract-deploys.ts';
import { ProblemAnswer, open } from '../api.ts';
import { connect } from '../connection.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Position, readMessages } from '../../client/sse.ts';
import { type Asking, exitCodeFor, pathOf, understood } from './asking.ts';
import { smokeLine, stageLine, stateLine } from './view.ts';
import { printable } from '../words.ts';

/** A server that is away for longer than this is given up, ms. */
const patience = 5 * 60_000;
const firstWait = 500;
const longestWait = 10_000;

/** What is shown of a deploy while it is followed. */
export interface Shown {
  readonly stages: boolean;
  readonly log: boolean;
}

/**
 * Follows a deploy to its end and shows its stages and its log as they come; the deploy as it was
 * last seen. A lost connection is taken up where it was. Ctrl-C ends the watching and not the deploy.
 */
export async function follow(
  id: string,
  shown: Shown,
  asking: Asking,
): Promise<Deploy | undefined> {
  const following = new Following(id, shown, asking);
  try {
    return await following.run();
  } catch (error) {
    if (asking.context.signal.aborted)
      asking.context.terminal.say(
        `stopped watching; deploy ${id} goes on. Watch again: territory logs ${id} -f; stop it: territory deploy cancel ${id}`,
      );
    throw error;
  }
}

/** Follows a deploy, prints how it ended, and ends with the code of that. */
export async function watch(id: string, asking: Asking): Promise<void> {
  const { options, context } = asking;
  const json = options.json === true;
  const deploy = await follow(id, { stages: true, log: !json }, asking);
  if (!deploy) throw cliErrors('ANSWER', `the server knows nothing of deploy ${id} any more`);
  context.finish(deploy.ended === null ? exitCodes.notAllowed : exitCodeFor(deploy));
  await context.terminal.print(json ? `${JSON.stringify(deploy)}\n` : `${stateLine(deploy)}\n`);
}

class Following {
  readonly #id: string;
  readonly #shown: Shown;
  readonly #asking: Asking;
  readonly #position: Position = { id: '', retry: undefined };
  readonly #told = new Set<string>();
  #deploy: Deploy | undefined;
  #logEnded = false;
  #failing: number | undefined;
  #givenUp = false;

  constructor(id: string, shown: Shown, asking: Asking) {
    this.#id = id;
    this.#shown = shown;
    this.#asking = asking;
  }

  async run(): Promise<Deploy | undefined> {
    const { context } = this.#asking;
    for (let tries = 0; !this.#isOver && !this.#givenUp; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      const got = await this.#once();
      if (this.#isOver || this.#givenUp) break;
      if (got) tries = 0;
      const wait = Math.min(longestWait, firstWait * 2 ** Math.min(tries, 6));
      // oxlint-disable-next-line no-await-in-loop
      await delay(wait, undefined, { signal: context.signal });
    }
    return this.#deploy;
  }

  get #isOver(): boolean {
    if (this.#deploy?.ended === undefined || this.#deploy.ended === null) return false;
    // What never began has no log.
    return this.#logEnded || this.#deploy.started === null;
  }

  /** Follows until the connection ends; whether anything came. */
  async #once(): Promise<boolean> {
    const { options, context } = this.#asking;
    const leave = new AbortController();
    let got = false;
    try {
      const connection = connect(options, context);
      const { id } = this.#position;
      const response = await open(
        connection,
        {
          method: 'GET',
          path: `api/v1/deploys${pathOf(this.#id, '/follow')}`,
          headers: { accept: 'text/event-stream', ...(id !== '' && { 'last-event-id': id }) },
        },
        AbortSignal.any([context.signal, leave.signal]),
      );
      if (response.body === null) throw cliErrors('ANSWER', 'the stream has no body');
      for await (const { event, data } of readMessages(response.body, this.#position)) {
        got = true;
        this.#failing = undefined;
        await this.#take(event, JSON.parse(data));
        if (this.#isOver) break;
      }
    } catch (error) {
      context.signal.throwIfAborted();
      this.#lost(error);
    } finally {
      leave.abort();
    }
    return got;
  }

  /** Throws what does not pass by waiting. */
  #lost(error: unknown): void {
    const { context } = this.#asking;
    const refused =
      error instanceof ProblemAnswer && ![429, 502, 503].includes(error.problem.status);
    const ours = error instanceof CodedError && error.code !== 'TERR_CLI_UNREACHABLE';
    // One that was never reached may never have been there.
    const never = this.#failing === undefined && this.#deploy === undefined;
    if (refused || ours || never) throw error;
    if (this.#failing === undefined)
      context.terminal.say('connection lost; the deploy goes on without us');
    this.#failing ??= context.now();
    if (context.now() - this.#failing <= patience) return;
    context.terminal.say('the server is away for 5 min; how the deploy ends is not known here');
    this.#givenUp = true;
  }

  async #take(event: string, data: unknown): Promise<void> {
    if (event === 'deploy') return this.#takeDeploy(understood(Deploy, data));
    if (event !== 'log') return;
    const { text, ended } = understood(LogPiece, data);
    this.#logEnded = ended;
    if (this.#shown.log && text !== '') await this.#asking.context.terminal.print(shownLog(text));
  }

  async #takeDeploy(deploy: Deploy): Promise<void> {
    const before = this.#deploy;
    this.#deploy = deploy;
    if (!this.#shown.stages) return;
    const lines = [
      ...(before?.state === deploy.state || deploy.ended !== null ? [] : [stateLine(deploy)]),
      ...deploy.waiting.map(({ rule, reason }) => printable(`  ${rule}: ${reason}`)),
      ...deploy.stages.map((one) => `> ${stageLine(one)}`),
      ...deploy.smoke.map((one) => `> ${smokeLine(one)}`),
    ].filter((line) => !this.#told.has(line));
    for (const line of lines) this.#told.add(line);
    if (lines.length > 0) await this.#say(lines);
  }

  async #say(lines: readonly string[]): Promise<void> {
    const { options, context } = this.#asking;
    if (options.json === true) for (const line of lines) context.terminal.say(line);
    else await context.terminal.print(`${lines.join('\n')}\n`);
  }
}

/** Lines of the log: they were written by others, and must not steer the terminal. */
export function shownLog(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line.replace(/\r$/, '')))
    .join('\n');
}
