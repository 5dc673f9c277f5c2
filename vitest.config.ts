import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['./test/whole-group.setup.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // On a crowded machine a test that watches the clock may fail by chance; script/test names it.
    retry: process.env['CI'] ? 1 : 0,
  },
});
