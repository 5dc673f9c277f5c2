import { once } from 'node:events';
import { CucumberHtmlStream } from '@cucumber/html-formatter';
import { Envelopes } from './envelopes.ts';
import type { Format, Paper } from './format.ts';
import { junitFormat } from './junit.ts';
import { prettyFormat } from './pretty.ts';
import { progressFormat } from './progress.ts';

/** The formats there are, and what each is for. */
export const formats = {
  progress: 'a letter for each scenario, and what was wrong',
  pretty: 'every scenario with its steps',
  junit: 'XML for CI',
  messages: "Cucumber's messages, one JSON document a line",
  html: 'a report for a browser, in one file',
} as const;

export type FormatName = keyof typeof formats;

/** A format that writes on `paper`. */
export function formatOf(name: FormatName, paper: Paper): Format {
  switch (name) {
    case 'progress':
      return progressFormat(paper);
    case 'pretty':
      return prettyFormat(paper);
    case 'junit':
      return junitFormat(paper);
    case 'messages':
      return new Envelopes(async (envelope) => paper.write(`${JSON.stringify(envelope)}\n`));
    case 'html':
      return htmlFormat(paper);
  }
}

/** Cucumber's own report, made of the messages. */
function htmlFormat(paper: Paper): Format {
  const stream = new CucumberHtmlStream();
  const written = (async () => {
    for await (const part of stream as AsyncIterable<Buffer | string>)
      await paper.write(part.toString());
  })();
  // Whoever ends the run hears of it; before that nobody does.
  written.catch(() => undefined);
  const envelopes = new Envelopes(async (envelope) => {
    if (!stream.write(envelope)) await Promise.race([once(stream, 'drain'), written]);
  });
  const { begin, begins, step, scenario } = envelopes;
  return {
    begin,
    begins,
    step,
    scenario,
    end: async (end, at) => {
      await envelopes.end(end, at);
      stream.end();
      await written;
    },
  };
}
