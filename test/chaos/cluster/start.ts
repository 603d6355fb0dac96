import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFromSource } from '../../../src/up/temporal/build.js';
import { buildFolder, cachedBuild, serverBinary } from '../../../src/up/temporal/built.js';
import { asYaml } from '../../../src/up/temporal/config.js';
import { freePorts } from '../../../src/up/temporal/ports.js';
import { prepare } from '../../../src/up/temporal/prepare.js';
import type { TemporalOptions } from '../../../src/up/temporal/types.js';
import { clusterDynamicConfig, nodeConfig, nodeNames, nodes, type NodeName } from './config.js';
import { startNode, type ClusterNode } from './node.js';
import { createTemporalDatabases } from './sql-tool.js';

/** The official server as it is run in earnest: each service in processes of its own, on PostgreSQL. */
export interface TemporalCluster {
  address: string;
  namespace: string;
  timeSkipping: boolean;
  nodes: Record<NodeName, ClusterNode>;
  stop(): Promise<void>;
}

type Options = Required<
  Pick<TemporalOptions, 'namespace' | 'dataDir' | 'cacheDir' | 'searchAttributes' | 'say'>
>;

/** `url`: the PostgreSQL server, as a user that may create databases. */
export async function startCluster(url: string, options: Options): Promise<TemporalCluster> {
  const { namespace, dataDir, cacheDir, say } = options;
  await mkdir(dataDir, { recursive: true });
  if (!(await cachedBuild(cacheDir, say))) await buildFromSource(cacheDir, say);
  await createTemporalDatabases(url, cacheDir, say);
  await writeFile(join(dataDir, 'dynamic.yaml'), asYaml(clusterDynamicConfig()));

  const ports = await freePorts(2 * nodeNames.length);
  const portsOf = (name: NodeName) => {
    const at = 2 * nodeNames.indexOf(name);
    return { grpc: ports[at] ?? 0, membership: ports[at + 1] ?? 0 };
  };
  const frontend = portsOf('frontend').grpc;
  const start = async (name: NodeName): Promise<[NodeName, ClusterNode]> => {
    const configFile = join(dataDir, `${name}.yaml`);
    await writeFile(configFile, asYaml(nodeConfig(dataDir, portsOf(name), frontend, url)));
    const plan = {
      name,
      command: join(buildFolder(cacheDir), serverBinary),
      args: ['--config-file', configFile, '--allow-no-auth', 'start', '--service', nodes[name]],
      logFile: join(dataDir, `${name}.log`),
    };
    return [name, await startNode(plan, portsOf(name).grpc, say)];
  };
  // The first one alone writes down what cluster this is: two at once would end one of them.
  const [first, ...others] = nodeNames;
  const all = [await start(first), ...(await Promise.all(others.map(start)))];
  const started = Object.fromEntries(all) as TemporalCluster['nodes'];
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(started).map((node) => node.stop()));
  };
  try {
    const address = `127.0.0.1:${frontend}`;
    const { timeSkipping } = await prepare({ address }, options, { ours: true });
    return { address, namespace, timeSkipping, nodes: started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
