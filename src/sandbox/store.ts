import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';

export interface Collection<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
  values(): IterableIterator<T>;
}

export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Runs once what has been put so far is safe on disk: nobody may hear of a fact that a crash could undo. */
  afterCommit(run: () => void): void;
  /** Writes everything put since the last commit in one piece, so that a crash keeps all of a request or nothing. */
  commit(): void;
  close(): void;
}

/** A line of the journal: without a value the key was deleted, without a key the whole collection. */
interface Line {
  c: string;
  k?: string;
  v?: unknown;
}

/** The sandbox's memory; with a path also a journal of JSON lines, replayed here. */
export function openStore(path: string | undefined): Store {
  const maps = new Map<string, Map<string, unknown>>();
  const mapOf = (name: string) => {
    const map = maps.get(name) ?? new Map<string, unknown>();
    maps.set(name, map);
    return map;
  };
  if (path) replay(path, (line) => apply(mapOf(line.c), line));
  let file = path ? openSync(path, 'a') : undefined;
  let pending = '';
  let waiting: (() => void)[] = [];

  function note(line: Line): void {
    apply(mapOf(line.c), line);
    if (file !== undefined) pending += `${JSON.stringify(line)}\n`;
  }

  function commit(): void {
    if (file !== undefined && pending !== '') {
      writeFileSync(file, pending);
      pending = '';
    }
    if (waiting.length === 0) return;
    const ready = waiting;
    waiting = [];
    for (const run of ready) run();
  }

  return {
    collection: <T>(name: string): Collection<T> => {
      const map = mapOf(name) as Map<string, T>;
      return {
        get: (key) => map.get(key),
        put: (key, value) => note({ c: name, k: key, v: value }),
        delete: (key) => note({ c: name, k: key }),
        clear: () => note({ c: name }),
        values: () => map.values(),
      };
    },
    afterCommit: (run) => void waiting.push(run),
    commit,
    close: () => {
      commit();
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function apply(map: Map<string, unknown>, line: Line): void {
  if (line.k === undefined) map.clear();
  else if (line.v === undefined) map.delete(line.k);
  else map.set(line.k, line.v);
}

function replay(path: string, apply: (line: Line) => void): void {
  closeSync(openSync(path, 'a'));
  const bytes = readFileSync(path);
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    apply(JSON.parse(bytes.toString('utf8', start, end)) as Line);
    start = end + 1;
  }
  // A crash in the middle of a write leaves half a line, which the next line must not be glued to.
  if (start < bytes.length) truncateSync(path, start);
}
