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
  const sample = path.slice(0, 200);
  if (path.length > longestPath)
    return refused('TERR_INTAKE_FRAME', `the name is longer than ${longestPath} characters`, {
      sample,
    });
  if (!Number.isFinite(value)) return wrong('the value is not finite', sample);
  if (!Number.isFinite(seconds)) return wrong('the time is no number of seconds', sample);
  const described = describedBy(path);
  if (described.name === '') return wrong('the name is empty', sample);
  const attributes = { ...described.attributes, 'metric.type': 'gauge' };
  const time = seconds === -1 ? {} : { time: Math.round(seconds * 1000) };
  return { ...described, type: 'metric', metric: value, ...time, attributes };
}

/** `name;tag=value;…` (Graphite 1.1, "Tag support"). */
function describedBy(path: string): Omit<Draft, 'type'> & { readonly name: string } {
  const semicolon = path.indexOf(';');
  if (semicolon < 0) return { name: path };
  const labels = path
    .slice(semicolon + 1)
    .split(';')
    .filter((tag) => tag !== '')
    .map((tag): [string, string] => {
      const equals = tag.indexOf('=');
      return equals < 0 ? [tag, ''] : [tag.slice(0, equals), tag.slice(equals + 1)];
    });
  return { name: path.slice(0, semicolon), ...fromLabels(labels) };
}

const written = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const notANumber = /^[+-]?nan$/i;

/** A number as Python writes and reads them; undefined where there is none, NaN for `nan`. */
export function numberIn(text: string): number | undefined {
  if (written.test(text)) return Number(text);
  return notANumber.test(text) ? Number.NaN : undefined;
}

function wrong(message: string, sample: string): Decoded {
  return refused('TERR_INTAKE_DECODE', message, { sample });
}
