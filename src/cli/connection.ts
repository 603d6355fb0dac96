import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from './exit-codes.js';
import { CliFailure } from './failure.js';

/** What `npm start` writes to <dataDir>/connection.json. */
interface ConnectionFile {
  url: string;
  operatorKey: string;
  supervisorKey?: string;
  sandboxUrl: string;
  temporalUi?: string;
}

export interface Connection {
  url: string;
  operatorKey: string | undefined;
  supervisorKey: string | undefined;
  sandboxUrl: string | undefined;
  temporalUi: string | undefined;
}

export interface Wanted {
  url?: string | undefined;
  operatorKey?: string | undefined;
  supervisorKey?: string | undefined;
  sandboxUrl?: string | undefined;
  dataDir: string;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Explicit url and key win. The file's key goes to the file's url only: it is no secret to hand to another server. */
export function findConnection(wanted: Wanted): Connection {
  const file = readConnection(join(wanted.dataDir, 'connection.json'));
  const url = trim(wanted.url ?? file?.url ?? DEFAULT_URL);
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new CliFailure(
      exitCodes.usage,
      'The URL of the API is not usable.',
      `"${url}" is no http(s) URL.`,
      ['Give it as --url http://127.0.0.1:8080'],
    );
  }
  const same = file !== undefined && trim(file.url) === url;
  return {
    url,
    operatorKey: wanted.operatorKey ?? (same ? file.operatorKey : undefined),
    supervisorKey: wanted.supervisorKey ?? (same ? file.supervisorKey : undefined),
    sandboxUrl: wanted.sandboxUrl ?? (same ? file.sandboxUrl : undefined),
    temporalUi: same ? file.temporalUi : undefined,
  };
}

const trim = (url: string): string => url.replace(/\/+$/, '');

function readConnection(path: string): ConnectionFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // Nothing was started here: that is no error.
  }
  try {
    return JSON.parse(text) as ConnectionFile;
  } catch {
    throw new CliFailure(exitCodes.failure, 'The connection file cannot be read.', `${path} is not JSON.`, [
      'Remove it and run npm start again, or give --url and --key.',
    ]);
  }
}
