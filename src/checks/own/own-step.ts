/** A step as a file declares it. */
export interface OwnStep {
  /** A cucumber expression: `the basket has {int} items`. */
  readonly expression: string;
  /** Only an assertion makes a scenario say something. */
  readonly kind: 'context' | 'action' | 'assertion';
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** How it is written: a line, and what stands below it. */
  readonly example: string | readonly string[];
  /** What has to stand below it. */
  readonly takes?: 'text' | 'table';
  readonly run: (scenario: Scenario, given: Given) => void | Promise<void>;
}

/** What stands in one use of a step. Values are counted from 0. */
export interface Given {
  /** Of `{string}`, `{word}`, `{jsonpath}`, … */
  readonly text: (n: number) => string;
  /** Of `{int}`, `{float}`; ms of `{duration}`, bytes of `{size}`. */
  readonly number: (n: number) => number;
  /** Of `{regex}`. */
  readonly expression: (n: number) => RegExp;
  /** The text below it. */
  readonly block: string;
  /** The rows of the table below it. */
  readonly table: readonly (readonly string[])[];
}

/** How a request differs from a GET that follows redirects. */
export interface RequestOptions {
  readonly method?: string;
  readonly body?: string;
  /** Media type of the body. */
  readonly type?: string;
  readonly follow?: boolean;
}

/** What a server answered. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  /** By their names in lower-case letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly ms: number;
}

/** The scenario that a step is run in. */
export interface Scenario {
  /** Name of the environment that it is run against. */
  readonly environment: string | undefined;
  /** What paths are relative to. */
  readonly base: string | undefined;
  /** The last answer; undefined before there is one. */
  readonly answer: Answer | undefined;
  /** Sends a request within the same bounds as the other steps. Its answer is the last one. */
  readonly request: (path: string, options?: RequestOptions) => Promise<Answer>;
  /** The value of a secret by its name; hidden in all that is told from now on. */
  readonly secret: (name: string) => string;
  /** Keeps a text that `{name}` stands for in the steps that follow. */
  readonly remember: (name: string, text: string) => void;
  readonly remembered: (name: string) => string | undefined;
  /** Tells a measured value, and what it may be at most. */
  readonly measured: (
    label: string,
    value: number,
    limits?: {
      readonly unit?: '' | 's' | 'B' | '%' | 'c';
      readonly warning?: number;
      readonly critical?: number;
    },
  ) => void;
  /** The scenario passes with a warning. */
  readonly warn: (words: string) => void;
  /** ms. */
  readonly wait: (ms: number) => Promise<void>;
}
