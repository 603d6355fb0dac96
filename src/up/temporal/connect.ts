import { Connection, isGrpcServiceError, type ConnectionOptions } from '@temporalio/client';

export type Target = ConnectionOptions & { address: string };

/** The gRPC status codes met here; @grpc/grpc-js, which names them, is not a dependency of ours. */
export const status = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
} as const;

export function statusOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}

export const isNotPermitted = (error: unknown) =>
  statusOf(error) === status.permissionDenied || statusOf(error) === status.unimplemented;

/** A server that starts, or has just learned of a namespace, answers with these for a while. */
export function isPassing(error: unknown): boolean {
  const code = statusOf(error);
  const passing: number[] = [
    status.deadlineExceeded,
    status.notFound,
    status.resourceExhausted,
    status.unavailable,
  ];
  return code !== undefined && passing.includes(code);
}

export async function withConnection<T>(
  target: Target,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ connectTimeout: '5s', ...target });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

export function serverVersionOf(target: Target): Promise<string> {
  return withConnection(target, async (connection) => {
    const info = await connection.workflowService.getSystemInfo({});
    return info.serverVersion;
  });
}

/** A poll without an id is refused as such where time skipping is on, and as unimplemented where it is not. */
export async function hasTimeSkipping(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution: { workflowId: 'preorder-probe' },
    });
    return true;
  } catch (error) {
    return statusOf(error) === status.invalidArgument;
  }
}
