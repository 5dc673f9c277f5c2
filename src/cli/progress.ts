import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** Shows how far something is: a bar on a terminal, else a line every few seconds. */
export interface Progress {
  readonly advance: (by: number) => void;
  readonly stop: () => void;
}

const quietMs = 1_000;
const lineEveryMs = 5_000;

/**
 * Says nothing for the first second. `total` may be unknown.
 *
 * @param what e.g. `commits`: what is counted
 */
export function showProgress(terminal: Terminal, what: string, total?: number): Progress {
  const started = performance.now();
  let done = 0;
  let shownAt = started + quietMs - lineEveryMs;
  let bar: SingleBar | undefined;
  const perSecond = (): string =>
    Math.round((done * 1000) / (performance.now() - started)).toLocaleString('en');
  const line = (): void => {
    const of = total === undefined ? '' : ` of ${total.toLocaleString('en')}`;
    terminal.say(`${done.toLocaleString('en')}${of} ${what}, ${perSecond()}/s`);
  };
  const show = (): void => {
    if (terminal.isTerminal.err && total !== undefined) {
      bar ??= startBar(
        `{bar} {percentage} % | {value} of {total} ${what}, {speed}/s, {eta_formatted} left`,
        total,
      );
      bar.update(Math.min(done, total), { speed: perSecond() });
    } else if (performance.now() - shownAt > lineEveryMs) {
      shownAt = performance.now();
      line();
    }
  };
  return {
    advance(by) {
      done += by;
      if (performance.now() - started > quietMs) show();
    },
    stop() {
      bar?.stop();
    },
  };
}

/** Shows which part of something is done, 0 to 1, when nobody knows the number of its events. */
export interface PartProgress {
  readonly at: (part: number, events: number) => void;
  readonly stop: () => void;
}

/** Says nothing for the first second, as `showProgress`. */
export function showPart(terminal: Terminal): PartProgress {
  const started = performance.now();
  let shownAt = started + quietMs - lineEveryMs;
  let bar: SingleBar | undefined;
  return {
    at(part, events) {
      const now = performance.now();
      if (now - started < quietMs) return;
      const speed = Math.round((events * 1000) / (now - started)).toLocaleString('en');
      if (terminal.isTerminal.err) {
        bar ??= startBar('{bar} {percentage} % | {events} events, {speed}/s', 1000);
        bar.update(Math.round(part * 1000), { speed, events: events.toLocaleString('en') });
      } else if (now - shownAt > lineEveryMs) {
        shownAt = now;
        terminal.say(
          `${Math.round(part * 100)} %, ${events.toLocaleString('en')} events, ${speed}/s`,
        );
      }
    },
    stop() {
      bar?.stop();
    },
  };
}

function startBar(format: string, total: number): SingleBar {
  const bar = new SingleBar({
    format,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: false,
    fps: 10,
    stream: process.stderr,
  });
  bar.start(total, 0, { speed: '0', events: '0' });
  return bar;
}
