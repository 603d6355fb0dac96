import { describe, expect, it } from 'vitest';
import { startDevArguments } from './cli.js';
import { asYaml, dynamicConfig, dynamicConfigFile, serverConfig, uiConfig } from './config.js';

const ports = { frontend: 7233, history: 20001, matching: 20002, worker: 20003, membership: [1, 2, 3, 4] };

describe('configuration of the built server', () => {
  it('is JSON, and so YAML', () => {
    const config = serverConfig('/data', ports);
    expect(JSON.parse(asYaml(config))).toEqual(config);
  });

  it('binds every service to loopback, each on ports of its own', () => {
    const { services } = serverConfig('/data', ports);
    const all = Object.values(services).map(({ rpc }) => rpc);
    expect(all.every(({ bindOnLocalHost }) => bindOnLocalHost)).toBe(true);
    expect(new Set(all.flatMap((rpc) => [rpc.grpcPort, rpc.membershipPort])).size).toBe(8);
  });

  it('keeps its data and dynamic configuration in the data folder', () => {
    const { persistence, dynamicConfigClient } = serverConfig('/data/50% #1', ports);
    expect(persistence.datastores.default.sql.databaseName).toBe('/data/50%25 %231/temporal.db');
    expect(dynamicConfigClient.filepath).toBe('/data/50% #1/dynamic.yaml');
  });

  it('turns time skipping on, as a list of values the way the server reads it', () => {
    expect(dynamicConfigFile()['frontend.WorkflowTimeSkippingEnabled']).toEqual([{ value: true }]);
  });

  it('lets the UI keep its cookie on plain HTTP', () => {
    const config = uiConfig({ grpc: 7233, ui: 8233 }, 'preorder');
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8233, temporalGrpcAddress: '127.0.0.1:7233' });
    expect(config.cors.cookieInsecure).toBe(true);
  });
});

describe('arguments of the CLI', () => {
  const args = startDevArguments({ grpc: 7233, ui: 8233 }, '/data/temporal-cli.db');

  it('carry the same dynamic configuration, as JSON values', () => {
    const values = args.filter((_, index) => args[index - 1] === '--dynamic-config-value');
    expect(values).toHaveLength(Object.keys(dynamicConfig).length);
    expect(values).toContain('frontend.WorkflowTimeSkippingEnabled=true');
    expect(values).toContain('system.namespaceCacheRefreshInterval="500ms"');
  });

  it('name port, UI port and file', () => {
    expect(args.join(' ')).toContain('--port 7233 --ui-port 8233 --db-filename /data/temporal-cli.db');
  });
});
