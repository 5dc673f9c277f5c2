import { defineConfig } from 'vitest/config';

/** Takes the README's pictures; see script/screenshots. */
export default defineConfig({
  test: {
    include: [
      'test/web/pictures.ts',
      'test/web/map-pictures.ts',
      'test/web/checks-pictures.ts',
      'test/web/demo-pictures.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
