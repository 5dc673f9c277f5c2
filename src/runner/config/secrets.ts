import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Field } from '../../rooms/releases/manifest/field.ts';

/** Reads values that stand in the file itself, in files beside it, or in the environment. */
export class Secrets {
  /** Names of variables that were asked for. */
  readonly variables = new Set<string>();
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(folder: string, env: Readonly<Record<string, string | undefined>>) {
    this.#folder = folder;
    this.#env = env;
  }

  /** A path, from the folder of the file. */
  path(field: Field): string | undefined {
    const text = field.text();
    return text === undefined ? undefined : resolve(this.#folder, text);
  }

  /**
   * A value: a text as it stands, or `{file: PATH}` or `{env: NAME}`, of which it is said that they
   * are secret. What can not be read is a fault at its place; the value itself is in no message.
   */
  value(field: Field): { readonly text: string; readonly secret: boolean } | undefined {
    if (!field.isMap) {
      const text = field.plain();
      return text === undefined ? undefined : { text, secret: false };
    }
    field.known(['file', 'env']);
    const file = this.path(field.get('file'));
    const name = field.get('env').text();
    if ((file === undefined) === (name === undefined)) {
      field.error(`"${field.name}" is a text, {file: PATH} or {env: NAME}`);
      return undefined;
    }
    const text = name === undefined ? this.#read(field, file ?? '') : this.#variable(field, name);
    return text === undefined ? undefined : { text, secret: true };
  }

  #variable(field: Field, name: string): string | undefined {
    this.variables.add(name);
    const text = this.#env[name];
    if (text === undefined || text === '')
      field.get('env').error(`the variable ${name} is not set in the environment of the runner`);
    return text === '' ? undefined : text;
  }

  #read(field: Field, file: string): string | undefined {
    try {
      const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (text !== '') return text;
      field.get('file').error(`${file} is empty`);
    } catch (error) {
      field.get('file').error(`${file} can not be read: ${(error as NodeJS.ErrnoException).code}`);
    }
    return undefined;
  }
}
