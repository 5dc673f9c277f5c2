import { expect, test } from 'vitest';
import { MessageReader } from './sse.ts';

const text =
  ': hi\nid: f1.r2\n\nid: f1.r3\ndata: {"a":1}\n\nevent: skipped\ndata: one\ndata: two\n\n';
const whole = [
  { event: 'message', data: '{"a":1}', id: 'f1.r3' },
  { event: 'skipped', data: 'one\ntwo', id: 'f1.r3' },
];

test('the same messages come out however the stream is cut, with any kind of line end', () => {
  for (const ends of ['\n', '\r\n', '\r'])
    for (let cut = 0; cut <= text.length; cut++) {
      const sent = `${text.replaceAll('\n', ends)}: the next`;
      const reader = new MessageReader();
      expect([...reader.push(sent.slice(0, cut)), ...reader.push(sent.slice(cut))]).toEqual(whole);
    }
});

test('an id without data moves the place to go on from', () => {
  const reader = new MessageReader();
  expect(reader.push('id: f7.r9\n\n')).toEqual([]);
  expect(reader.lastId).toBe('f7.r9');
});
