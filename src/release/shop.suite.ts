import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real repository in a scratch folder, made by git itself. */
export interface Scratch {
  readonly path: string;
  /** Runs git in it and gives what it says. */
  readonly git: (...args: readonly string[]) => string;
  /** Writes files (removes those that are null), commits them, and gives the commit. */
  readonly commit: (message: string, files?: Readonly<Record<string, string | null>>) => string;
}

/** An empty folder that lives as long as the machine's scratch space. */
export const scratchFolder = (name = 'territory-release-'): string =>
  mkdtempSync(join(tmpdir(), name));

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

export function scratchRepository(path = scratchFolder()): Scratch {
  let second = 0;
  const git = (...args: readonly string[]): string => {
    const date = `2026-01-01T00:00:${String(second++ % 60).padStart(2, '0')}Z`;
    const env = { ...process.env, ...identity, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return execFileSync('git', ['-C', path, ...args], { env, encoding: 'utf8' }).trim();
  };
  mkdirSync(path, { recursive: true });
  git('init', '-q', '-b', 'main');
  return {
    path,
    git,
    commit(message, files = {}) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(path, name);
        mkdirSync(dirname(file), { recursive: true });
        if (text === null) rmSync(file);
        else writeFileSync(file, text);
        if (text?.startsWith('#!') === true) chmodSync(file, 0o755);
      }
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

const lock = (packages: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: packages },
      ...Object.fromEntries(
        Object.entries(packages).map(([name, version]) => [
          `node_modules/${name}`,
          { version, integrity: `sha512-${name}${version}` },
        ]),
      ),
    },
  });

export const shopManifest = `app: shop
type: node
port: 3009
health: {ready: /healthcheck/ready, version: /healthcheck/ready#version}
database:
  orders-db: {migrations: migrations/, style: up-down-sql}
config:
  keys: config/keys.yaml
`;

/** The two releases of the design's own example: tags release_1 and release_2. */
export function shopRepository(path?: string): Scratch {
  const shop = scratchRepository(path);
  shop.commit('The shop', {
    'territory.yaml': shopManifest,
    'src/a.js': 'export const a = 1;\nexport const greeting = "hello";\n',
    'migrations/0001_orders.up.sql': 'CREATE TABLE orders (id int);\n',
    'migrations/0001_orders.down.sql': 'DROP TABLE orders;\n',
    'config/keys.yaml': 'DB_URL: {required: true}\nPAGE_SIZE: {default: 20}\n',
    'package-lock.json': lock({ left: '1.0.0', gone: '2.0.0' }),
  });
  shop.git('tag', 'release_1');
  shop.commit('Merge pull request #7 from shop/pay\n\nSHOP-12: take payments', {
    'src/a.js': null,
    'src/b.js': 'import { pay } from "new";\n\npay(process.env.PAYMENT_KEY);\n',
    'migrations/0002_x.up.sql': 'ALTER TABLE orders ADD COLUMN paid boolean;\n',
    'config/keys.yaml':
      'DB_URL: {required: true}\nPAGE_SIZE: {default: 50}\nPAYMENT_KEY: {required: true, secret: true}\n',
    'package-lock.json': lock({ left: '1.1.0', new: '0.1.0' }),
  });
  shop.git('tag', '-a', '-m', 'the second', 'release_2');
  return shop;
}
