import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DevelopmentKeys {
  operatorKey: string;
  supervisorKey: string;
  tokenSecret: string;
}

/** Keys for a laptop, made at the first start and kept beside the data. Production sets its own. */
export function developmentKeys(dataDir: string): DevelopmentKeys {
  const file = join(dataDir, 'keys.json');
  const kept = read(file);
  const keys = {
    operatorKey: `pok_${randomBytes(24).toString('base64url')}`,
    supervisorKey: `psk_${randomBytes(24).toString('base64url')}`,
    tokenSecret: randomBytes(32).toString('base64url'),
    ...kept,
  };
  if (kept?.supervisorKey) return keys;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

/** A folder of an earlier version may lack some. */
function read(file: string): Partial<DevelopmentKeys> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<DevelopmentKeys>;
  } catch {
    return undefined;
  }
}

/** Where the command line finds a running stack. */
export interface Connection {
  url: string;
  operatorKey: string;
  supervisorKey: string;
  sandboxUrl: string;
  temporalUi: string | undefined;
}

export function writeConnection(dataDir: string, connection: Connection): void {
  writeFileSync(join(dataDir, 'connection.json'), JSON.stringify(connection, null, 2), { mode: 0o600 });
}
