import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';

/**
 * For tests of what a crash leaves behind: `before:chargePayment` or `after:refundPayment` kills this process with -9
 * right before the activity begins, or after it has done its work and before anybody hears of it.
 */
export function crashAt(point: string): ActivityInterceptorsFactory {
  const [when, name] = point.split(':');
  if ((when !== 'before' && when !== 'after') || !name) {
    throw new Error(`"${point}" is no crash point: before:<activity> or after:<activity>`);
  }
  const crash = (): void => void process.kill(process.pid, 'SIGKILL');
  return ({ info }) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        if (info.activityType === name && when === 'before') crash();
        const result = await next(input);
        if (info.activityType === name && when === 'after') crash();
        return result;
      },
    };
    return { inbound };
  };
}
