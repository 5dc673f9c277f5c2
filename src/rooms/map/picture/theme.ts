import type { HealthState } from '../health.ts';

export type ThemeName = 'light' | 'dark';

/** Colours of a picture; the same as the console's, in src/web/kit/tokens.css. */
export interface Theme {
  readonly page: string;
  readonly panel: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly tones: Readonly<Record<HealthState, string>>;
  /** What boxes are filled with. */
  readonly washes: Readonly<Record<HealthState, string>>;
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    page: '#f5f4f0',
    panel: '#fbfaf8',
    raised: '#ffffff',
    line: '#dedbd3',
    lineStrong: '#8a877e',
    ink: '#182026',
    soft: '#434d56',
    faint: '#596169',
    tones: {
      ok: '#1c6a3b',
      'at-risk': '#7d5200',
      degraded: '#7d5200',
      down: '#ab2219',
      'no-evidence': '#63449a',
    },
    washes: {
      ok: '#ffffff',
      'at-risk': '#ffffff',
      degraded: '#f8ebcb',
      down: '#fbe3df',
      'no-evidence': '#fbfaf8',
    },
  },
  dark: {
    page: '#0f1418',
    panel: '#141b20',
    raised: '#1b242a',
    line: '#253038',
    lineStrong: '#657481',
    ink: '#e3e9ed',
    soft: '#b0bcc5',
    faint: '#8b9aa6',
    tones: {
      ok: '#72c891',
      'at-risk': '#e6b450',
      degraded: '#e6b450',
      down: '#ff8f85',
      'no-evidence': '#c3a8f2',
    },
    washes: {
      ok: '#1b242a',
      'at-risk': '#1b242a',
      degraded: '#33280f',
      down: '#3a1a18',
      'no-evidence': '#141b20',
    },
  },
};

/** From the console's own to what servers have; those that run wide last. */
export const fontFamily =
  "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', 'Nimbus Sans', 'Noto Sans', 'DejaVu Sans Condensed', 'DejaVu Sans', sans-serif";
