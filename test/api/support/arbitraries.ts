import fc from 'fast-check';
import type { JsonSchema, Operation } from './openapi.js';

/** Values a name stands for here: real ids and SKUs beside invented ones. */
export type Pool = Record<string, fc.Arbitrary<unknown>>;

const DATE = /date-time/;

/** What the schema allows, near enough: refinements that OpenAPI cannot say are not known here. */
export function valid(schema: JsonSchema, pool: Pool, name = '', complete = false): fc.Arbitrary<unknown> {
  if (pool[name]) return pool[name];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => valid(choice, pool, name, complete)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  switch (String(schema.type)) {
    case 'object': {
      const entries = Object.entries(schema.properties ?? {});
      const model = Object.fromEntries(
        entries.map(([key, inner]) => [key, valid(inner, pool, key, complete)]),
      );
      return complete ? fc.record(model) : fc.record(model, { requiredKeys: schema.required ?? [] });
    }
    case 'array':
      return fc.array(valid(schema.items ?? {}, pool), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1000, 1_000_000) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return text(schema);
  }
}

function text(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (DATE.test(schema.format ?? '')) {
    const dates = (from: string, to: string): fc.Arbitrary<string> =>
      fc
        .date({ min: new Date(from), max: new Date(to), noInvalidDate: true })
        .map((date) => date.toISOString());
    return fc.oneof(dates('2027-01-01', '2199-12-31'), dates('0000-01-01', '9999-12-31T23:59:59.999Z'));
  }
  if (schema.format === 'email') return fc.integer({ min: 1, max: 1e6 }).map((n) => `guest${n}@example.com`);
  if (/duration/.test(schema.description ?? '')) {
    return fc.constantFrom('30d', '36h', '15m', '60d', '0s', '0.001s', '99999999999d', '1d1d1d');
  }
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern), { size: '-1' });
  const size = { minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 20, 30) };
  // Mostly what people write: with any byte in every field hardly an order would be placed.
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('Ada', '李小龍', 'Ο’Brien', '1 Main St', '12345') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', ...size }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', ...size }) },
  );
}

const numbers = [0, -0, -1, 1.5, 1e9, 1e21, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324];
const texts = [
  ...['', ' ', 'NaN', 'Infinity', '-1', '1e21', 'null', 'true', '0x10'],
  ...['\u0000', 'a\u0000b', '\ud800', 'x\udc00', '\u202Eevil', '\ufeff', '\u2028', 'ﷺ', '👩‍👩‍👧‍👦', 'İ', 'ß'],
  ...['__proto__', 'constructor', 'toString', 'x'.repeat(10_000), '%00', '../../etc/passwd', '${7*7}'],
  ...[
    "'; drop table orders; --",
    '{"a":1}',
    '<script>alert(1)</script>',
    '9999-12-31T23:59:59Z',
    '999999999d',
  ],
];
const nothings: unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  { toString: 1 },
  { length: -1 },
  Array(1000).fill(0),
];
const nasty = fc.constantFrom<unknown>(...numbers, ...texts, ...nothings);

type Path = string[];
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

type Change = 'replace' | 'remove' | 'add' | 'wrap';

function changed(value: unknown, path: Path, change: Change, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key !== undefined && typeof value === 'object' && value !== null) {
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    if (rest.length === 0 && change === 'remove') delete copy[key];
    else copy[key] = changed(copy[key], rest, change, by);
    return copy;
  }
  if (change === 'wrap') return [value];
  if (change === 'add' && typeof value === 'object' && value !== null)
    return { ...value, [typeof by === 'string' ? by : 'extra']: by };
  return by;
}

/** The value with each of its parts, one after the other, replaced by each oddity. */
export function* spoiled(value: unknown): Generator<unknown> {
  for (const path of pathsOf(value)) {
    for (const by of [...numbers, ...texts, ...nothings]) yield changed(value, path, 'replace', by);
    yield changed(value, path, 'remove', undefined);
    yield changed(value, path, 'wrap', undefined);
  }
}

/** One thing wrong with it, or two. */
export function broken(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const fault = fc.tuple(
    fc.nat(),
    fc.constantFrom<Change>('replace', 'replace', 'replace', 'remove', 'add', 'wrap'),
    nasty,
  );
  return fc.tuple(good, fc.array(fault, { minLength: 1, maxLength: 2 })).map(([value, faults]) =>
    faults.reduce<unknown>((now, [where, change, by]) => {
      const paths = pathsOf(now);
      return changed(now, paths[where % paths.length] ?? [], change, by);
    }, value),
  );
}

/** Bodies that are no JSON, or JSON of a kind that has broken parsers before. */
export const rawBodies: (string | Buffer)[] = [
  ...[
    '',
    ' ',
    'null',
    '[]',
    '1',
    '"x"',
    '{',
    '{"a":',
    '{"a":NaN}',
    '{"a":1e400}',
    '{}{}',
    '\ufeff{}',
    'undefined',
  ],
  ...['{"__proto__":{"admin":true}}', '{"a":{"__proto__":null}}', '{"constructor":{"prototype":{"x":1}}}'],
  ...[
    '{"\\u005f_proto__":1}',
    '{"a":1,"a":2}',
    "{'a':1}",
    '// x\n{}',
    '{"sku":"\\ud800"}',
    '{"sku":"\\u0000"}',
  ],
  '['.repeat(10_000) + ']'.repeat(10_000),
  '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
  '['.repeat(30_000),
  `{"a":"${'x'.repeat(64 * 1024)}"}`,
  ' '.repeat(64 * 1024 + 1),
  Buffer.from([0xff, 0xfe, 0x00, 0x7b]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('{}', 'utf16le'),
];

/** As a browser would never write it: whatever the text is, as percent-encoded UTF-8. */
export const encoded = (value: unknown): string => {
  const given = typeof value === 'string' ? value : JSON.stringify(value);
  return [...Buffer.from(given ?? 'undefined')]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')
    .slice(0, 7_000);
};

const oddSegments = fc.constantFrom(
  ...['%', '%zz', '%00', '%ff', '%ed%a0%80', '..', '%2e%2e', '%2e%2e%2f%2e%2e', '..%2f..', '.', '*', '-'],
  ...['po_', 'po_%25', 'po_' + '0'.repeat(18), 'PO_' + 'A'.repeat(18), 'x'.repeat(100), 'x'.repeat(101)],
  ...['__proto__', 'constructor', '%0d%0aX-Evil:1', 'a;b', 'a,b', '%20', '%F0%9F%92%A9', 'null', '0', '-1'],
);
const oddQueries = fc.constantFrom(
  ...['', '?', '?%', '?%zz=1', '?a=%ff', '?status=%00', '?after=%00', '?limit=0', '?limit=-1', '?limit=1.5'],
  ...['?limit=1e9', '?limit=NaN', '?limit=', '?limit=1&limit=2', '?status=cancelled&status=completed'],
  ...[
    '?__proto__=1',
    '?constructor[prototype]=1',
    '?status[]=x',
    `?after=${'z'.repeat(7000)}`,
    '?open=maybe',
  ],
  ...['?sku=%27', '?after=%ED%A0%80', '?after=po_%27%20or%201=1', '?unknown=1', '?&&&==='],
);

export interface Shape {
  path: string;
  body: unknown;
}

/** Path, query and body of one call of an operation. */
export function requests(operation: Operation, pool: Pool, mode: 'valid' | 'broken'): fc.Arbitrary<Shape> {
  const one = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    mode === 'valid'
      ? good
      : fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: broken(good) });
  const segments = operation.parameters.filter((parameter) => parameter.in === 'path');
  const asked = operation.parameters.filter((parameter) => parameter.in === 'query');
  const segment = (name: string, schema: JsonSchema): fc.Arbitrary<string> => {
    const good = valid(schema, pool, name).map(encoded);
    return mode === 'valid'
      ? good
      : fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: oddSegments });
  };
  const path = fc.tuple(...segments.map(({ name, schema }) => segment(name, schema))).map((given) => {
    let n = 0;
    return operation.path.replaceAll(/\{\w+\}/g, () => given[n++] ?? '');
  });
  const query = fc
    .record(Object.fromEntries(asked.map(({ name, schema }) => [name, one(valid(schema, pool, name))])), {
      requiredKeys: [],
    })
    .map((given) => {
      const pairs = Object.entries(given).map(([name, value]) => `${name}=${encoded(value)}`);
      return pairs.length > 0 ? `?${pairs.join('&')}` : '';
    });
  const search =
    mode === 'valid'
      ? query
      : fc.oneof({ weight: 2, arbitrary: query }, { weight: 1, arbitrary: oddQueries });
  const good = operation.body ? valid(operation.body, pool) : fc.constant(undefined);
  const raw = fc.constantFrom<unknown>(...rawBodies);
  const bad = operation.body
    ? fc.oneof({ weight: 3, arbitrary: broken(good) }, { weight: 1, arbitrary: raw })
    : raw;
  const body =
    mode === 'valid' ? good : fc.oneof({ weight: 1, arbitrary: good }, { weight: 3, arbitrary: bad });
  return fc.record({ path: fc.tuple(path, search).map((parts) => parts.join('')), body });
}
