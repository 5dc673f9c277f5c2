import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { Outcome, Received } from '../http/protocol.ts';
import type { Sender } from '../intake.ts';
import { nrdp } from './nrdp.ts';

const sender: Sender = {
  name: 'nagios',
  source: '/tokens/nagios',
  maySend: () => true,
  unrestricted: true,
};
const byToken = (token: string): Sender | undefined => (token === 's3cret' ? sender : undefined);

function request(body: string, more: Partial<Received> = {}): Received {
  const raw = Buffer.from(body);
  return {
    method: 'POST',
    path: '/nrdp/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: raw,
    raw,
    maxBody: 1e7,
    now: 0,
    ...more,
  };
}

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const xml = (data: string): Received =>
  request(form({ token: 's3cret', cmd: 'submitcheck', XMLDATA: data }));
const decode = (one: Received): Decoded[] => [...nrdp.decode(one, sender)];
const nothing: Outcome = { accepted: 0, duplicates: 0, refused: 0, errors: [] };

const example = `<?xml version='1.0'?>
<checkresults>
  <checkresult type="host" checktype="1">
    <hostname>web-1</hostname>
    <state>1</state>
    <output>gone|rta=1.5ms;5;10;0</output>
  </checkresult>
  <checkresult type='service' checktype='1'>
    <hostname>web-1</hostname>
    <servicename>disk &lt;/&gt;</servicename>
    <state>2</state>
    <output><![CDATA[full & "more"\\nsecond|a=1]]></output>
    <time>1764115200</time>
  </checkresult>
</checkresults>`;
const events = [
  { type: 'check', host: 'web-1', name: 'host-alive', state: 'critical', data: { output: 'gone' } },
  { type: 'metric', name: 'host-alive.rta', metric: 1.5, attributes: { unit: 'ms' } },
  {
    name: 'disk </>',
    state: 'critical',
    time: 1_764_115_200_000,
    data: { output: 'full & "more"', longOutput: 'second' },
  },
  { name: 'disk </>.a', metric: 1 },
];

describe('what is submitted', () => {
  test('as XML', () => {
    expect(decode(xml(example))).toMatchObject(events);
  });

  test('as JSON', () => {
    const JSONDATA = JSON.stringify({
      checkresults: [
        { checkresult: { type: 'host' }, hostname: 'web-1', state: '1', output: 'gone|rta=1.5ms' },
        {
          checkresult: { type: 'service' },
          hostname: 'web-1',
          servicename: 'disk </>',
          state: 2,
          output: 'full & "more"\nsecond|a=1',
          time: 1_764_115_200,
        },
        null,
      ],
    });
    const decoded = decode(request(form({ token: 's3cret', cmd: 'submitcheck', JSONDATA })));
    expect(decoded.slice(0, 4)).toMatchObject(events);
    expect(decoded.slice(4).map(isRefused)).toEqual([true]);
  });

  test('as send_nrdp.sh writes it: XML that is hardly encoded', () => {
    const raw = `token=s3cret&cmd=submitcheck&XMLDATA=<?xml version='1.0'?><checkresults><checkresult type='service' checktype='1'><servicename>s</servicename><hostname>h</hostname><state>0</state><output><![CDATA[a %26 b %3C 5%]]></output></checkresult></checkresults>`;
    expect(decode(request(raw))).toMatchObject([{ name: 's', data: { output: 'a & b < 5%' } }]);
  });

  test('as an external command', () => {
    const command = 'PROCESS_SERVICE_CHECK_RESULT;h;s;0;fine';
    const submit = (text: string) =>
      decode(request(form({ token: 's3cret', cmd: 'submitcmd', command: text })));
    expect(submit(command)).toMatchObject([{ name: 's', state: 'ok' }]);
    expect(submit('DISABLE_HOST_NOTIFICATIONS;h')).toMatchObject([
      { refused: { message: /order to a Nagios/ } },
    ]);
  });

  test.each([
    ['<checkresults>', /Unclosed root tag/],
    ['<checkresults><x></checkresults>', /Unexpected close tag/],
    ['<other/>', /begins with <other>/],
    ['no xml', /The XML is wrong/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><checkresults/>', /document type/],
    ['<checkresults>&nbsp;</checkresults>', /The XML is wrong: Invalid character entity/],
  ])('%s is refused whole', (data, message) => {
    expect(() => decode(xml(data))).toThrow(message);
    expect(() => decode(xml(data))).toThrow(CodedError);
  });

  test.each([
    [{ token: 's3cret', cmd: 'hello' }, /NO REQUEST HANDLER/],
    [{ token: 's3cret', cmd: 'submitcheck' }, /NO DATA/],
    [{ token: 's3cret', cmd: 'submitcheck', json: '{' }, /The JSON is wrong/],
    [{ token: 's3cret', cmd: 'submitcheck', json: '{}' }, /no list `checkresults`/],
  ])('%j is refused', (fields: Record<string, string>, message) => {
    expect(() => decode(request(form(fields)))).toThrow(message);
  });

  test('a large text and many results are read in pieces', () => {
    const result = `<checkresult type="service"><hostname>h</hostname><servicename>s</servicename><state>0</state><output>${'x'.repeat(70_000)}</output></checkresult>`;
    const decoded = decode(xml(`<checkresults>${result.repeat(20)}</checkresults>`));
    expect(decoded).toHaveLength(20);
    expect(decoded[19]).toMatchObject({ data: { output: 'x'.repeat(70_000) } });
  });

  test('whatever comes, only coded errors are thrown', () => {
    const words = fc.constantFrom(
      '<checkresults>',
      '</checkresults>',
      '<checkresult type="host">',
      '</checkresult>',
      '<hostname>',
      '</hostname>',
      'h',
      '<state>0</state>',
      '&lt;',
      '&x;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '\u0000',
      '<!DOCTYPE',
    );
    const data = fc.array(words).map((all) => all.join(''));
    const failure = (one: Received): unknown => {
      try {
        return void decode(one);
      } catch (error) {
        return error instanceof CodedError ? undefined : error;
      }
    };
    fc.assert(
      fc.property(data, fc.json(), (text, json) => {
        expect(failure(xml(text))).toBeUndefined();
        const JSONDATA = `{"checkresults":${json}}`;
        const body = form({ token: 's3cret', cmd: 'submitcheck', JSONDATA });
        expect(failure(request(body))).toBeUndefined();
      }),
    );
  });
});

describe('who sends', () => {
  const who = (one: Received) => nrdp.authorise?.(one, byToken);

  test('is said by the token of the form, or of the address', () => {
    expect(who(xml(''))).toBe(sender);
    expect(who(request('cmd=submitcheck', { query: new URLSearchParams('token=s3cret') }))).toBe(
      sender,
    );
  });

  test.each([
    ['cmd=submitcheck', /NO TOKEN/],
    ['token=other', /BAD TOKEN/],
  ])('%s is turned away', (body, message) => {
    expect(() => who(request(body))).toThrow(message);
  });

  test('a form of files, or one that is too large, is no form', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect(() => who(request('', { headers }))).toThrow(/x-www-form-urlencoded/);
    expect(() => who(request('x'.repeat(4_194_305)))).toThrow(/4194304/);
  });
});

describe('the answer', () => {
  const answer = (one: Received, outcome: Partial<Outcome>) =>
    nrdp.answer({ ...nothing, ...outcome }, one);

  test('is NRDP’s own, in XML', () => {
    const one = xml(example);
    decode(one);
    expect(answer(one, { accepted: 4 })).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: '<?xml version="1.0" encoding="utf-8"?>\n<result>\n  <status>0</status>\n  <message>OK</message>\n  <meta>\n    <output>2 checks processed</output>\n  </meta>\n</result>\n',
    });
  });

  test('is NRDP’s own, in JSON', () => {
    const one = request(
      form({ token: 's3cret', cmd: 'submitcheck', JSONDATA: '{"checkresults":[]}' }),
    );
    decode(one);
    expect(answer(one, {})).toMatchObject({
      status: 200,
      body: '{"result":{"status":0,"message":"OK","meta":{"output":"0 checks processed"}}}\n',
    });
  });

  test('says what was refused', () => {
    const errors = [{ code: 'X', message: 'bad <one>\u0001' }];
    expect(answer(xml(''), { accepted: 1, refused: 1, errors }).body).toContain(
      ', 1 refused: bad &lt;one&gt;?</output>',
    );
    expect(answer(xml(''), { refused: 1, errors }).body).toContain('<status>-1</status>');
  });

  test('of a failure is 200 for the sender’s faults, and 5xx for ours', () => {
    const bad = answer(xml(''), { failure: intakeErrors('SIGNATURE', 'BAD TOKEN') });
    expect(bad).toMatchObject({
      status: 200,
      body: /<status>-1<\/status>\n {2}<message>BAD TOKEN/,
    });
    expect(answer(xml(''), { failure: intakeErrors('FAILED', 'x') }).status).toBe(500);
  });
});
