// Transpiles src, bench and the chaos run into dist, file by file; bundles the workflow code and the console whenever they
// changed.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

function files(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every TypeScript source of the server below a folder of the project, tests left out. */
function sources(folder) {
  return files(folder)
    .filter((file) => !file.startsWith(join(root, 'src/web/console')))
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts') && !file.endsWith('testing.ts'));
}

/** What the customer's pages load, as it is. */
const isAsset = (file) => /\.(css|js|svg)$/.test(file) && !file.startsWith(join(root, 'src/web/console'));

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** Makes `target` again if a file of these folders, or a package, is not the one it was made from. */
async function whenChanged(target, folders, make) {
  const stamp = `${target}.id`;
  const id = hashOf([...folders.flatMap(files), join(root, 'package-lock.json')]);
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === id) return;
  await make(target);
  writeFileSync(stamp, id);
}

async function bundleWorkflows(target) {
  const { buildBundle } = await import(pathToFileURL(join(dist, 'src/worker/build-bundle.js')).href);
  writeFileSync(target, await buildBundle());
}

async function buildConsole(outDir) {
  const { build: vite } = await import('vite');
  // Vite believes what the environment says: a test run would build, and leave behind, React for development.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await vite({
    configFile: join(root, 'src/web/console/vite.config.ts'),
    build: { outDir },
    logLevel: 'warn',
  });
  if (before === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = before;
}

export async function build() {
  for (const folder of ['src', 'bench', 'test']) rmSync(join(dist, folder), { recursive: true, force: true });
  await esbuild({
    entryPoints: ['src', 'bench', 'test/chaos', 'test/support', 'test/web/support'].flatMap(sources),
    outdir: dist,
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  for (const file of files('src/web').filter(isAsset)) cpSync(file, join(dist, relative(root, file)));
  await whenChanged(
    join(dist, 'workflow-bundle.js'),
    ['src/workflows', 'src/domain', 'src/codec'],
    bundleWorkflows,
  );
  await whenChanged(
    join(dist, 'console'),
    ['src/web/console', 'src/web/design', 'src/domain', 'src/contract'],
    buildConsole,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
