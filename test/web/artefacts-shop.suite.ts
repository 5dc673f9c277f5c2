import { build } from '../../src/release/build.suite.ts';
import { pushRelease } from '../../src/release/push.ts';
import { scratchFolder, scratchRepository } from '../../src/release/shop.suite.ts';

const manifest = (needs: string): string => `app: shop
type: node
start: node src/server.js
port: 3009
health: {ready: /healthcheck/ready, version: /healthcheck/ready#version}
owner: team-checkout
needs: [${needs}]
database:
  orders-db: {migrations: migrations/}
config:
  keys: config/keys.yaml
smoke: features/*.feature
strategy: {kind: blue-green, settle: 45s, keep-old: 15m}
promote: {order: [staging, production], auto: [staging]}
`;

const lock = (packages: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    {
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
    },
    undefined,
    2,
  );

const server = (more: string): string => `import { createServer } from 'node:http';

// What the balancer asks before it sends anybody here.
const ready = { ok: true, version: process.env.SERVICE_VERSION };

createServer((request, response) => {
  if (request.url === '/healthcheck/ready') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify(ready));
  }
  ${more}
  response.end('Hello from the shop');
}).listen(Number(process.env.PORT ?? 3009));
`;

/**
 * Three releases of a shop, from a real repository, on a server: the second adds payments, the third
 * is a hotfix of the first, so that it takes away what the second brought.
 */
export async function pushShop(to: {
  readonly url: string;
  readonly token: string;
}): Promise<void> {
  const shop = scratchRepository();
  shop.commit('The shop', {
    'territory.yaml': manifest('orders-db'),
    'src/server.js': server(''),
    'src/pages/home.html': '<h1>Shop</h1>\n',
    'public/logo.png': 'PNG\u0000\u0001',
    'bin/console': '#!/bin/sh\nexec node src/server.js\n',
    'migrations/0001_orders.up.sql': 'CREATE TABLE orders (id int);\n',
    'migrations/0001_orders.down.sql': 'DROP TABLE orders;\n',
    'config/keys.yaml':
      'DB_URL: {required: true, description: where the orders are}\nPAGE_SIZE: {default: 20, type: number}\n',
    'features/shop.feature':
      'Feature: shop\n  Scenario: A visitor sees the shop\n    When I open /\n  Scenario: A visitor finds a pot\n    When I search for pot\n',
    'package-lock.json': lock({ left: '1.0.0', gone: '2.0.0' }),
  });
  shop.git('tag', 'release_411');
  shop.git('branch', 'hotfix');
  shop.commit('Merge pull request #7 from shop/pay\n\nSHOP-12: take payments', {
    'territory.yaml': manifest('orders-db, payments-api@1'),
    'src/server.js': server("if (request.url === '/pay') return pay(request, response);"),
    'src/pay.js': 'export const pay = () => undefined;\n',
    'public/logo.png': 'PNG\u0000\u0002',
    'migrations/0002_paid.up.sql': 'ALTER TABLE orders ADD COLUMN paid boolean;\n',
    'config/keys.yaml':
      'DB_URL: {required: true, description: where the orders are}\nPAGE_SIZE: {default: 50, type: number}\nPAYMENT_KEY: {required: true, secret: true}\n',
    'features/shop.feature':
      'Feature: shop\n  Scenario: A visitor sees the shop\n    When I open /\n',
    'package-lock.json': lock({ left: '1.1.0', new: '0.1.0' }),
  });
  shop.git('tag', 'release_412');
  shop.git('checkout', '-q', 'hotfix');
  shop.commit('Greet more warmly', { 'src/pages/home.html': '<h1>Welcome to the shop</h1>\n' });
  shop.git('tag', 'release_413');
  const store = scratchFolder();
  const { signal } = new AbortController();
  for (const tag of ['release_411', 'release_412', 'release_413']) {
    const minute = Number(tag.slice(-2));
    const now = (): number => Date.parse(`2026-02-01T12:${minute}:00Z`);
    await build({ path: shop.path, store, tag, now }); // oxlint-disable-line no-await-in-loop -- in their order
    await pushRelease(to, { store, app: 'shop', version: tag }, signal); // oxlint-disable-line no-await-in-loop -- as above
  }
}
