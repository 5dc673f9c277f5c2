import {
  World as CucumberWorld,
  defineParameterType,
  defineStep,
  setWorldConstructor,
} from '@cucumber/cucumber';
import { givenOf } from '../../src/checks/language/vocabulary.ts';
import { placeHolderTypes } from '../../src/checks/language/values.ts';
import { outboundOf } from '../../src/checks/run/outbound.ts';
import { World } from '../../src/checks/run/world.ts';
import { words } from '../load/checks-words.ts';

/**
 * Territory's own steps, all of them, as steps of cucumber-js: what is measured beside is the runner
 * alone. The address of the target is in CHECKS_TARGET.
 */
const outbound = outboundOf(['127.0.0.0/8']);
const signal = new AbortController().signal;

setWorldConstructor(
  class extends CucumberWorld {
    readonly inner = new World(
      { base: process.env['CHECKS_TARGET'], outbound, secret: () => undefined },
      signal,
    );
  },
);

for (const type of placeHolderTypes().parameterTypes)
  if (type.name && !builtIn().has(type.name))
    defineParameterType({
      name: type.name,
      regexp: type.regexpStrings.map((one) => new RegExp(one)),
      transformer: (...texts: string[]) => type.transform(undefined, texts),
      useForSnippets: false,
    });

function builtIn(): ReadonlySet<string> {
  const names = [
    'int',
    'float',
    'word',
    'string',
    'double',
    'bigdecimal',
    'byte',
    'short',
    'long',
    'biginteger',
  ];
  return new Set(names);
}

for (const { expression, run, takes } of words.definitions) {
  const step = async function (this: { inner: World }, ...values: readonly unknown[]) {
    const below = takes === undefined ? undefined : values.at(-1);
    const own = takes === undefined ? values : values.slice(0, -1);
    const given = givenOf(own as never, {
      ...(takes === 'text' ? { block: below as string } : {}),
      ...(takes === 'table' ? { table: (below as { raw: () => string[][] }).raw() } : {}),
    });
    await run(this.inner, given);
  };
  const places = expression.match(/\{\w*\}/g)?.length ?? 0;
  Object.defineProperty(step, 'length', { value: places + (takes === undefined ? 0 : 1) });
  defineStep(expression, step);
}
