import { common, createLowlight } from 'lowlight';

/** A piece of a line in one colour; its classes are those of highlight.js. */
export interface Piece {
  readonly text: string;
  readonly look: string;
}
export type Line = readonly Piece[];

const lowlight = createLowlight(common);

/** Longer texts are shown as they are: colours are not worth seconds. */
const mostColoured = 300_000;

const byEnding: Readonly<Record<string, string>> = {
  cjs: 'javascript',
  mjs: 'javascript',
  jsx: 'javascript',
  cts: 'typescript',
  mts: 'typescript',
  tsx: 'typescript',
  yml: 'yaml',
  htm: 'xml',
  html: 'xml',
  svg: 'xml',
  sh: 'bash',
  toml: 'ini',
  conf: 'ini',
  env: 'ini',
  h: 'c',
  cs: 'csharp',
  cc: 'cpp',
  hpp: 'cpp',
  kt: 'kotlin',
  pl: 'perl',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  md: 'markdown',
  mk: 'makefile',
  gql: 'graphql',
};

/** The language of a file by its name; undefined where it has none that we know. */
export function languageOf(path: string): string | undefined {
  const name = path.split('/').at(-1)?.toLowerCase() ?? '';
  if (name === 'makefile') return 'makefile';
  const ending = name.split('.').at(-1) ?? '';
  const language = byEnding[ending] ?? ending;
  return lowlight.registered(language) ? language : undefined;
}

/** The lines of a text in colours, one for each line of it. Never throws. */
export function colour(text: string, language: string | undefined): Line[] {
  if (language === undefined || text.length > mostColoured)
    return text.split('\n').map((line) => [{ text: line, look: '' }]);
  const lines: Piece[][] = [[]];
  const walk = (nodes: readonly Node[], look: string): void => {
    for (const node of nodes) {
      if (node.type === 'element') walk(node.children, lookOf(node) || look);
      if (node.type !== 'text') continue;
      for (const [i, piece] of node.value.split('\n').entries()) {
        if (i > 0) lines.push([]);
        if (piece !== '') lines.at(-1)?.push({ text: piece, look });
      }
    }
  };
  walk(lowlight.highlight(language, text).children, '');
  return lines;
}

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

function lookOf({ properties }: Extract<Node, { type: 'element' }>): string {
  const { className } = properties;
  return Array.isArray(className) ? className.join(' ') : '';
}
