import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asYaml, dynamicConfigFile, serverConfig, uiConfig } from './config.js';
import { steadyPorts } from './ports.js';
import type { Program, Say } from './types.js';
import { SERVER_VERSION } from './versions.js';

export const buildFolder = (cacheDir: string) => join(cacheDir, `temporal-${SERVER_VERSION}`);
export const serverBinary = 'temporal-server';
export const uiBinary = 'temporal-ui';

/** The program built earlier, if it is complete. */
export async function cachedBuild(cacheDir: string, say: Say): Promise<Program | undefined> {
  const folder = buildFolder(cacheDir);
  const binaries = [join(folder, serverBinary), join(folder, uiBinary)];
  const usable = await Promise.all(binaries.map((file) => access(file, constants.X_OK).then(yes, no)));
  if (!usable.every(Boolean)) return undefined;
  say(`Using Temporal ${SERVER_VERSION} built earlier, in ${folder}.`);
  return builtProgram(folder);
}

const [yes, no] = [() => true, () => false];

function builtProgram(folder: string): Program {
  return {
    source: 'built',
    async plan(ports, { dataDir, namespace, codecEndpoint }) {
      // The same ones again: a server started within 20 s looks for its predecessor's members on their old
      // ports first, and waits for them.
      const noted = await steadyPorts(join(dataDir, 'temporal-ports.json'), 7);
      const [history = 0, matching = 0, worker = 0, ...membership] = noted;
      const inner = { frontend: ports.grpc, history, matching, worker, membership };
      const configFile = join(dataDir, 'temporal.yaml');
      const uiFolder = join(dataDir, 'temporal-ui');
      await mkdir(uiFolder, { recursive: true });
      await writeFile(configFile, asYaml(serverConfig(dataDir, inner)));
      await writeFile(join(dataDir, 'dynamic.yaml'), asYaml(dynamicConfigFile()));
      await writeFile(join(uiFolder, 'preorder.yaml'), asYaml(uiConfig(ports, namespace, codecEndpoint)));
      return [
        {
          name: 'temporal-server',
          command: join(folder, serverBinary),
          args: ['--config-file', configFile, '--allow-no-auth', 'start'],
          logFile: join(dataDir, 'temporal.log'),
        },
        {
          name: 'temporal-ui',
          command: join(folder, uiBinary),
          args: ['--root', dataDir, '--config', 'temporal-ui', '--env', 'preorder', 'start'],
          logFile: join(dataDir, 'temporal-ui.log'),
        },
      ];
    },
  };
}
