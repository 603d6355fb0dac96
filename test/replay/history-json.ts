import { createRequire } from 'node:module';
import type { History } from '../support/replay.js';

/**
 * Histories as JSON, in the form that Temporal's own tools write. The SDK's historyToJSON does the same, unless npm has
 * put a second protobufjs beside it: its types are then strangers to each other. Here both come from one place.
 */
const load = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
const { toJson, fromJson } = load('protobufjs/ext/protojson') as {
  toJson: (type: unknown, message: unknown) => unknown;
  fromJson: (type: unknown, json: unknown, options: object) => History;
};
const { patchProtobufRoot } = load('@temporalio/proto/lib/patch-protobuf-root') as {
  patchProtobufRoot: (root: unknown) => { lookupType(name: string): { fromObject(o: unknown): unknown } };
};
const type = patchProtobufRoot(load('@temporalio/proto')).lookupType('temporal.api.history.v1.History');

export const toJsonHistory = (history: History): unknown => toJson(type, type.fromObject(history));
export const fromJsonHistory = (json: unknown): History =>
  fromJson(type, json, { ignoreUnknownFields: true });
