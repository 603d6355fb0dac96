import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/web/support/global-setup.ts', 'test/support/global-setup.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Builds that follow each other, processes that die at every line: minutes, for `npm run test:long`.
    exclude: ['**/node_modules/**', 'test/chaos/**', ...(process.env.TEST_LONG ? [] : ['test/long/**'])],
    // Each file has its own database, worker and sandbox; they wait more than they compute: four of them keep two cores busy.
    maxWorkers: 4,
    // Files share what they import: loading it anew for each took a third of the time.
    isolate: false,
    testTimeout: 120_000,
    // Patient: on a loaded machine what is awaited comes later, and still comes.
    expect: { poll: { timeout: 60_000, interval: 50 } },
    maxConcurrency: 4,
    hookTimeout: 120_000,
  },
});
