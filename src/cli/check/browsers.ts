import type { Browsers } from '../../checks/run/ports.ts';

/** A browser for the steps that need one. Most plugins do not, and should not wait for its code. */
export function browsersWhenAsked(env: Readonly<Record<string, string | undefined>>): Browsers {
  let opened: Promise<Browsers> | undefined;
  const open = async (): Promise<Browsers> => {
    const { chromiumBrowsers } = await import('../../checks/browser/browsers.ts');
    return chromiumBrowsers({ path: env['TERRITORY_CHROMIUM'] });
  };
  return {
    take: async (...asked) => {
      opened ??= open();
      return (await opened).take(...asked);
    },
    close: async () => (await opened)?.close(),
  };
}
