const dayFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'long' });
const timeFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  timeStyle: 'short',
  hourCycle: 'h23',
});

/** `January 24, 2027`: for what nobody can know to the minute. */
export const dayText = (at: number): string => dayFormat.format(at);

/** `January 24, 2027, 14:05 UTC`; at midnight the day alone says it: `January 24, 2027 (UTC)`. */
export function momentText(at: number): string {
  const time = timeFormat.format(at);
  return time === '00:00' ? `${dayText(at)} (UTC)` : `${dayText(at)}, ${time} UTC`;
}
