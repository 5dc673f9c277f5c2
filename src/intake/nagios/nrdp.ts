import type { CodedError } from '../../errors/coded-error.ts';
import type { Decoded } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { Answer, HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import { unescapeLines } from '../../event/plugin-output.ts';
import { type CheckResult, eventsOf } from './check-result.ts';
import { codeOf, decodeCommand } from './command.ts';
import { type NrdpResult, readJson, readXml } from './nrdp-body.ts';

/** Bytes of a request; it is unpacked in one go. */
export const maxForm = 4_194_304;

/** A request as its form says it. */
interface Form {
  readonly token: string;
  readonly cmd: string;
  readonly data: string;
  readonly json: boolean;
  /** Results that were found so far; events are more, as each value is one. */
  results: number;
}

/** Read once for who sends, what, and how to answer. */
const forms = new WeakMap<Received, Form>();

/**
 * NRDP: results that `send_nrdp` and its like post as a form. What is wrong with a request is
 * answered as NRDP does, by 200 and a status of -1: its clients read nothing of other answers.
 */
export const nrdp: HttpProtocol = {
  name: 'nrdp',
  title: 'Nagios passive results (NRDP)',
  path: '/nrdp/',
  takes: (path) => path === '/nrdp/' || path === '/nrdp',
  authorise: (request, byToken) => {
    const { token } = formOf(request);
    if (token === '') throw intakeErrors('SIGNATURE', 'NO TOKEN: send one in the field `token`');
    const sender = byToken(token);
    if (sender === undefined)
      throw intakeErrors('SIGNATURE', 'BAD TOKEN: it is no token of Territory, or no longer');
    return sender;
  },
  decode: (request) => decode(formOf(request)),
  answer: (outcome, request) => answer(outcome, forms.get(request)),
};

function formOf(request: Received): Form {
  const known = forms.get(request);
  if (known) return known;
  const form = readForm(request);
  forms.set(request, form);
  return form;
}

function readForm({ body, headers, query }: Received): Form {
  const media = headers['content-type'] ?? 'application/x-www-form-urlencoded';
  if (!media.startsWith('application/x-www-form-urlencoded'))
    throw intakeErrors('MEDIA_TYPE', 'NRDP is a form: send application/x-www-form-urlencoded');
  if (body.length > maxForm)
    throw intakeErrors('TOO_LARGE', `The form has ${body.length} bytes, and ${maxForm} are taken`);
  const form = new URLSearchParams(body.toString());
  const field = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = form.get(name) ?? query.get(name);
      if (value !== null && value !== '') return value;
    }
    return '';
  };
  const json = field('JSONDATA', 'json');
  return {
    token: field('token').trim(),
    cmd: field('cmd').toLowerCase(),
    data: json === '' ? field('XMLDATA', 'xml', 'command') : json,
    json: json !== '',
    results: 0,
  };
}

function* decode(form: Form): Generator<Decoded> {
  const { cmd, data, json } = form;
  if (cmd === 'submitcmd') {
    form.results = 1;
    yield* decodeCommand(data);
    return;
  }
  if (cmd !== 'submitcheck')
    throw intakeErrors('DECODE', 'NO REQUEST HANDLER: cmd must be submitcheck or submitcmd');
  if (data === '') throw intakeErrors('EMPTY', 'NO DATA: send XMLDATA or JSONDATA');
  for (const one of json ? readJson(data) : readXml(data.trimStart())) {
    form.results++;
    yield* eventsOf(resultOf(one));
  }
}

function resultOf(one: NrdpResult): CheckResult {
  const { type, hostname, servicename, state, output, time } = one;
  // NRDP itself takes what has no type for a host; a service's name says more.
  const service = type === 'service' || (type === '' && servicename.trim() !== '');
  const seconds = /^\d{1,12}$/.test(time.trim()) ? Number(time) : 0;
  return {
    host: hostname,
    service: service ? servicename : undefined,
    code: codeOf(state),
    output: unescapeLines(output.trim()),
    time: seconds === 0 ? undefined : seconds * 1000,
  };
}

function answer(outcome: Outcome, form: Form | undefined): Answer {
  const { failure, refused, errors } = outcome;
  const json = form?.json === true;
  if (failure !== undefined)
    return told(json, { status: -1, message: failure.message }, statusOf(failure));
  const [first] = errors;
  const taken = outcome.accepted + outcome.duplicates;
  if (first !== undefined && taken === 0)
    return told(json, { status: -1, message: first.message }, 200);
  const refusals = refused === 0 ? '' : `, ${refused} refused: ${first?.message ?? ''}`;
  const output = `${form?.results ?? 0} checks processed${refusals}`;
  return told(json, { status: 0, message: 'OK', output }, 200);
}

/** send_nrdp keeps its results for later only when HTTP itself failed. */
const statusOf = ({ status }: CodedError): number =>
  status >= 500 || status === 429 ? status : 200;

interface Told {
  readonly status: 0 | -1;
  readonly message: string;
  readonly output?: string;
}

function told(json: boolean, { status, message, output }: Told, http: number): Answer {
  if (json) {
    const meta = output === undefined ? {} : { meta: { output } };
    const body = `${JSON.stringify({ result: { status, message, ...meta } })}\n`;
    return { status: http, headers: { 'content-type': 'application/json' }, body };
  }
  const meta =
    output === undefined ? '' : `  <meta>\n    <output>${escape(output)}</output>\n  </meta>\n`;
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<result>\n  <status>${status}</status>\n  <message>${escape(message)}</message>\n${meta}</result>\n`;
  return { status: http, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

const escapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

const notXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g;

function escape(text: string): string {
  return text.replaceAll(notXml, '?').replaceAll(/[<>&"']/g, (one) => escapes[one] ?? '');
}
