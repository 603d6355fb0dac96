/** What we build, and the oldest server whose time skipping we rely on. */
export const SERVER_VERSION = '1.32.0';
export const UI_VERSION = '2.54.1';
export const MINIMUM_SERVER = '1.32';

interface Version {
  major: number;
  minor: number;
}

export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/** Compares major and minor only: 1.32.0-162.0 already has what 1.32.0 has. */
export function atLeast(text: string, minimum: string): boolean {
  const [have, need] = [parseVersion(text), parseVersion(minimum)];
  if (!have || !need) return false;
  return have.major > need.major || (have.major === need.major && have.minor >= need.minor);
}

/** From `temporal --version`: "temporal version 1.8.2 (Server 1.32.0, UI 2.53.1)". */
export function serverOfCli(output: string): string | undefined {
  return /\bserver\s+v?(\d+\.\d+\.[\w.-]+)/i.exec(output)?.[1];
}

/** From `go version`: "go version go1.26.8 linux/amd64". */
export function versionOfGo(output: string): string | undefined {
  return /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}
