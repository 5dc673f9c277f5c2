import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { fromLabels } from '../labels.ts';

/** UTF-16 units of a name with its tags. */
const longestPath = 8_192;

/**
 * One value of one series as a reading. A time of -1 is now, as carbon has it. A NaN says that there
 * is no value, and is passed as carbon does: collectd sends one for each counter when it starts.
 */
export function pointOf(path: string, value: number, seconds: number): Decoded | undefined {
  if (Number.isNaN(value)) return undefined;
  if (path.length > longestPath)
    return refused('TERR_INTAKE_FRAME', `the name is longer than ${longestPath} characters`, {
      sample: path.slice(0, 200),
    });
  if (!Number.isFinite(value)) return wrong('the value is not finite', path);
  if (!Number.isFinite(seconds)) return wrong('the time is no number of seconds', path);
  const time = Math.round(seconds * 1000);
  const semicolon = path.indexOf(';');
  const name = semicolon < 0 ? path : path.slice(0, semicolon);
  if (name === '') return wrong('the name is empty', path);
  // Written out, because spreading costs as much as all the rest of a line.
  if (semicolon < 0)
    return seconds === -1
      ? { type: 'metric', name, metric: value, attributes: untagged }
      : { type: 'metric', time, name, metric: value, attributes: untagged };
  const tagged = taggedBy(path.slice(semicolon + 1));
  return { ...tagged, type: 'metric', name, metric: value, ...(seconds !== -1 && { time }) };
}

const untagged = { 'metric.type': 'gauge' };

/** `tag=value;…` (Graphite 1.1, "Tag support"). */
function taggedBy(tags: string): Omit<Draft, 'type'> {
  const labels = tags
    .split(';')
    .filter((tag) => tag !== '')
    .map((tag): [string, string] => {
      const equals = tag.indexOf('=');
      return equals < 0 ? [tag, ''] : [tag.slice(0, equals), tag.slice(equals + 1)];
    });
  const { attributes, ...fields } = fromLabels(labels);
  return { ...fields, attributes: { ...attributes, 'metric.type': 'gauge' } };
}

const written = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const notANumber = /^[+-]?nan$/i;

/** A number as Python writes and reads them; undefined where there is none, NaN for `nan`. */
export function numberIn(text: string): number | undefined {
  if (written.test(text)) return Number(text);
  return notANumber.test(text) ? Number.NaN : undefined;
}

function wrong(message: string, path: string): Decoded {
  return refused('TERR_INTAKE_DECODE', message, { sample: path.slice(0, 200) });
}
