import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePayloadKey } from '../codec/keys.js';

export interface DevelopmentKeys {
  operatorKey: string;
  supervisorKey: string;
  tokenSecret: string;
  /** As PREORDER_PAYLOAD_KEYS. */
  payloadKeys: string;
}

/**
 * Keys for a laptop, made at the first start and kept beside the data. Production sets its own. A file that cannot be
 * read is an error, not a reason for new keys: orders could not be decrypted with those.
 */
export function developmentKeys(dataDir: string): DevelopmentKeys {
  const file = join(dataDir, 'keys.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<DevelopmentKeys>) : {};
  const keys = {
    operatorKey: kept.operatorKey ?? `pok_${randomBytes(24).toString('base64url')}`,
    supervisorKey: kept.supervisorKey ?? `psk_${randomBytes(24).toString('base64url')}`,
    tokenSecret: kept.tokenSecret ?? randomBytes(32).toString('base64url'),
    payloadKeys: kept.payloadKeys ?? makePayloadKey('dev'),
  };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
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
