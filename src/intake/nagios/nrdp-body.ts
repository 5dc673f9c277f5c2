import sax from 'sax';
import { intakeErrors } from '../errors.ts';

/** A result as NRDP names its parts; all is text, as it came. */
export interface NrdpResult {
  readonly type: string;
  readonly hostname: string;
  readonly servicename: string;
  readonly state: string;
  readonly output: string;
  /** Seconds since the epoch; empty: now. */
  readonly time: string;
}

type Field = Exclude<keyof NrdpResult, 'type'>;
type Growing = { -readonly [Name in keyof NrdpResult]: NrdpResult[Name] };

const fields: ReadonlySet<string> = new Set<Field>([
  'hostname',
  'servicename',
  'state',
  'output',
  'time',
]);
const isField = (name: string): name is Field => fields.has(name);
const none: NrdpResult = {
  type: '',
  hostname: '',
  servicename: '',
  state: '',
  output: '',
  time: '',
};

/** Characters of XML that are read before what was found is given on. */
const step = 65_536;

/**
 * `<checkresults><checkresult type='service'><hostname>…`. Throws TERR_INTAKE_DECODE with line and
 * column where it is no XML. No entity but XML's own five is known, and a document type is refused,
 * so nothing can expand.
 */
export function* readXml(text: string): Generator<NrdpResult> {
  const results = new XmlResults();
  for (let at = 0; at < text.length; at += step) yield* results.write(text.slice(at, at + step));
  yield* results.end();
}

/** `strictEntities` is newer than the types. */
const options: sax.SAXOptions & { strictEntities: boolean } = { strictEntities: true };

/** Listens to the parser, and gathers results. */
class XmlResults {
  readonly #parser = sax.parser(true, options);
  #found: NrdpResult[] = [];
  #result: Growing | undefined;
  #field: Field | undefined;
  #root = '';

  constructor() {
    const parser = this.#parser;
    parser.onerror = (error) => {
      const [why = ''] = error.message.split('\n', 1);
      throw wrong(`The XML is wrong: ${why}`, parser);
    };
    parser.ondoctype = () => {
      throw wrong('The XML has a document type, and none is taken', parser);
    };
    parser.onopentag = ({ name, attributes: { type } }) =>
      this.#open(name, typeof type === 'string' ? type : '');
    parser.onclosetag = (name) => this.#close(name);
    parser.ontext = (text) => this.#add(text);
    parser.oncdata = (text) => this.#add(text);
  }

  write(text: string): readonly NrdpResult[] {
    this.#parser.write(text);
    return this.#found.splice(0);
  }

  end(): readonly NrdpResult[] {
    this.#parser.close();
    const root = this.#root;
    if (root === 'checkresults') return this.#found.splice(0);
    throw intakeErrors('DECODE', `The XML begins with <${root}>, and <checkresults> is expected.`);
  }

  #open(name: string, type: string): void {
    this.#root ||= name;
    if (name === 'checkresult') this.#result = { ...none, type };
    this.#field = isField(name) ? name : undefined;
  }

  #add(text: string): void {
    if (this.#result && this.#field) this.#result[this.#field] += text;
  }

  #close(name: string): void {
    this.#field = undefined;
    if (name !== 'checkresult' || !this.#result) return;
    this.#found.push(this.#result);
    this.#result = undefined;
  }
}

function wrong(why: string, { line, column }: sax.SAXParser): Error {
  return intakeErrors('DECODE', `${why} (line ${line + 1}, column ${column + 1}).`, {
    line: line + 1,
    column: column + 1,
  });
}

/** `{"checkresults": [{"checkresult": {"type": "service"}, "hostname": …}]}`. Throws TERR_INTAKE_DECODE. */
export function* readJson(text: string): Generator<NrdpResult> {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (cause) {
    throw intakeErrors('DECODE', `The JSON is wrong: ${String(cause)}`, { cause });
  }
  const list = memberOf(whole, 'checkresults');
  if (!Array.isArray(list))
    throw intakeErrors('DECODE', 'The JSON has no list `checkresults`.', { field: 'checkresults' });
  for (const one of list) {
    const result: Growing = {
      ...none,
      type: textOf(memberOf(memberOf(one, 'checkresult'), 'type')),
    };
    for (const name of ['hostname', 'servicename', 'state', 'output', 'time'] as const)
      result[name] = textOf(memberOf(one, name));
    yield result;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name]; // it is its own
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
