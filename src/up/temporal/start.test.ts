import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cachedBuild } from './built.js';
import { withConnection } from './connect.js';
import { freePorts } from './ports.js';
import { commandOf } from './processes.js';
import { defaultCacheDir } from './provide.js';
import { startOwn } from './start.js';
import type { Program, TemporalOptions } from './types.js';

const program = await cachedBuild(defaultCacheDir(), () => undefined);
const attributes = {
  OrderStatus: 'Keyword',
  NeedsAttention: 'Bool',
  ReleaseAt: 'Datetime',
  Units: 'Int',
} as const;

async function inNewFolder(work: (options: TemporalOptions) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'temporal-'));
  const [grpc, ui] = await freePorts(2);
  try {
    const common = {
      namespace: 'test',
      searchAttributes: attributes,
      retentionDays: 3,
      say: () => undefined,
    };
    await work({ ...common, dataDir, ports: { grpc, ui } });
  } finally {
    await rm(dataDir, { recursive: true });
  }
}

describe.skipIf(!program)('the real server', () => {
  it(
    'starts, knows namespace and attributes, survives kill -9, and is gone after stop',
    { timeout: 60_000 },
    () =>
      inNewFolder(async (options) => {
        const temporal = await startOwn(program as Program, options);
        const first = temporal.pid ?? 0;
        try {
          expect(temporal).toMatchObject({ source: 'built', timeSkipping: true, serverVersion: '1.32.0' });
          expect(commandOf(first)).toContain('temporal-server');
          const ui = await fetch(`${temporal.uiUrl}/api/v1/namespaces/test`);
          expect(ui.status).toBe(200);
          await startWorkflow(temporal.address);

          await temporal.restart?.();
          expect(temporal.pid).not.toBe(first);
          expect(commandOf(first)).toBe('');
          await expect(facts(temporal.address)).resolves.toEqual({
            days: 3,
            attributes: Object.keys(attributes).sort(),
            status: 1,
          });
        } finally {
          await temporal.stop();
        }
        expect(commandOf(first)).toBe('');
        expect(commandOf(temporal.pid ?? 0)).toBe('');
      }),
  );

  it('that dies at start shows the end of its log', { timeout: 30_000 }, () =>
    inNewFolder(async (options) => {
      const broken: Program = {
        source: 'built',
        plan: async () => [
          {
            name: 'temporal-server',
            command: 'sh',
            args: ['-c', 'echo cannot open database >&2; exit 7'],
            logFile: join(options.dataDir, 'temporal.log'),
          },
        ],
      };
      await expect(startOwn(broken, options)).rejects.toThrow(/exit code 7[^]*cannot open database/);
    }),
  );
});

const execution = { workflowId: 'waits' };

function startWorkflow(address: string) {
  return withConnection({ address }, ({ workflowService }) =>
    workflowService.startWorkflowExecution({
      ...{ namespace: 'test', ...execution, requestId: 'once' },
      ...{ workflowType: { name: 'waits' }, taskQueue: { name: 'nobody' } },
    }),
  );
}

function facts(address: string) {
  return withConnection({ address }, async ({ workflowService, operatorService }) => {
    const { config } = await workflowService.describeNamespace({ namespace: 'test' });
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'test' });
    const workflow = await workflowService.describeWorkflowExecution({ namespace: 'test', execution });
    return {
      days: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400,
      attributes: Object.keys(customAttributes).sort(),
      status: Number(workflow.workflowExecutionInfo?.status),
    };
  });
}
