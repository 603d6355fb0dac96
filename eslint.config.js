import tseslint from 'typescript-eslint';

/** The import table of docs/architecture.md: folder → folders and packages it may not import. */
const folders = [
  'domain',
  'contract',
  'codec',
  'workflows',
  'integrations',
  'db',
  'activities',
  'client',
  'api',
  'cli',
  'web',
  'sandbox',
  'worker',
  'up',
];
const mayImport = {
  domain: { value: [], packages: [] },
  contract: { value: ['domain'], packages: ['zod'] },
  codec: { value: [] },
  workflows: {
    value: ['domain'],
    type: ['activities', 'contract'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  integrations: { value: ['domain', 'contract'] },
  db: { value: ['domain', 'contract'] },
  activities: { value: ['domain', 'contract', 'integrations', 'db'] },
  client: { value: ['domain', 'codec', 'db'], files: ['**/workflows/messages.js'], type: ['workflows'] },
  api: { value: ['domain', 'contract', 'codec', 'client', 'db', 'web'] },
  cli: { value: ['domain', 'contract'] },
  web: { value: ['domain', 'contract'] },
  sandbox: { value: ['contract'] },
};

function boundary(folder) {
  const { value, type = [], packages, files = [] } = mayImport[folder];
  const forbidden = folders.filter((other) => other !== folder && !value.includes(other));
  const patterns = forbidden.map((other) => ({
    regex: `^\\.{1,2}/(?:.*/)?${other}/(?!${files.length > 0 && other === 'workflows' ? 'messages\\.js$' : '\\b\\B'})`,
    allowTypeImports: type.includes(other),
    message: `${folder}/ may not import ${other}/ (docs/architecture.md, import table).`,
  }));
  if (packages) {
    const allowed = packages.map((name) => name.replace('/', '\\/')).join('|');
    patterns.push({
      regex: allowed ? `^(?!\\.|(?:${allowed})$)` : '^(?!\\.)',
      message: `${folder}/ may import no package beyond: ${packages.join(', ') || 'none'}.`,
    });
  }
  return {
    files: [`src/${folder}/**/*.ts`, `src/${folder}/**/*.tsx`],
    ignores: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['bin/*.js', 'scripts/*.js', '*.config.js'] } },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'config.ts is the only reader of process.env (and cli-config.ts, for the command line).',
        },
      ],
    },
  },
  {
    files: [
      'src/config.ts',
      'src/cli-config.ts',
      'vitest.config.ts',
      'test/**/*.ts',
      'bench/**/*.ts',
      'scripts/**/*.js',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  ...Object.keys(mayImport).map(boundary),
);
