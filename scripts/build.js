// Transpiles src, bench and the chaos run into dist, file by file, and bundles the workflow code whenever it changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** Every TypeScript source below a folder of the project, tests left out. */
function sources(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => join(root, folder, String(file)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('testing.ts'));
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function bundleWorkflows() {
  const stamp = join(dist, 'workflow-bundle.id');
  const folders = ['src/workflows', 'src/domain', 'src/codec'];
  const inputs = [...folders.flatMap(sources), join(root, 'package-lock.json')];
  const id = hashOf(inputs);
  const target = join(dist, 'workflow-bundle.js');
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === id) return;
  const { buildBundle } = await import(pathToFileURL(join(dist, 'src/worker/build-bundle.js')).href);
  writeFileSync(target, await buildBundle());
  writeFileSync(stamp, id);
}

export async function build() {
  for (const folder of ['src', 'bench', 'test']) rmSync(join(dist, folder), { recursive: true, force: true });
  await esbuild({
    entryPoints: ['src', 'bench', 'test/chaos', 'test/support'].flatMap(sources),
    outdir: dist,
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  await bundleWorkflows();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
