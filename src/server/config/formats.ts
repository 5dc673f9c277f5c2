import Format from 'typebox/format';
import { CodedError } from '../../errors/coded-error.ts';
import { parseDuration } from '../../event/quantity.ts';
import { parseField, parseWhere } from '../../event/where/parse.ts';
import { Networks } from '../../intake/sockets/networks.ts';

/** What is wrong with a text of a format, in words; undefined when nothing is. */
export const formats: Readonly<Record<string, (written: string) => string | undefined>> = {
  where: (written) => said(() => parseWhere(written)),
  label: (written) => said(() => parseField(written)),
  duration: (written) =>
    parseDuration(written) === undefined
      ? 'must be a duration such as 30s, 5m, 4h, or 0'
      : undefined,
  network: (written) => {
    try {
      new Networks([written]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
};
for (const [name, wrong] of Object.entries(formats))
  Format.Set(name, (written) => wrong(written) === undefined);

function said(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.message;
    throw error;
  }
}
