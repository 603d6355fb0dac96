import { stripVTControlCharacters } from 'node:util';
import { formatDuration, SECOND } from '../../domain/deadline.js';

export const visibleLength = (text: string): number =>
  text.includes('\u001b') ? stripVTControlCharacters(text).length : text.length;

/** Breaks at blanks; a word that is longer than the line stays whole, so that ids and URLs can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines = text.replace(times, (time) => time.replaceAll(' ', GLUE)).split('\n');
  return lines.flatMap((line) => fill(line, width)).map((line) => line.replaceAll(GLUE, ' '));
}

/** Stays on one line, and is a blank again when it is printed. */
const GLUE = '\u00a0';
const times = /\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC/g;

function fill(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

/** `Label   value`, values below each other and wrapped under themselves. Empty values are left out. */
export function fields(rows: [label: string, value: string | undefined][], columns: number): string {
  const shown = rows.filter((row): row is [string, string] => Boolean(row[1]));
  const indent = Math.max(...shown.map(([label]) => label.length)) + 2;
  return shown
    .map(([label, value]) => {
      const [first = '', ...rest] = wrap(value, columns - indent);
      return [label.padEnd(indent) + first, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
    })
    .join('\n');
}

/** `2027-03-01 12:00 UTC` */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
export const instantWithSeconds = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** Seen from `now`: `in 61d 4h`, `3d 2h ago`. */
export function distance(iso: string, now: string): string {
  const ms = Date.parse(iso) - Date.parse(now);
  if (Math.abs(ms) < SECOND) return 'now';
  return ms > 0 ? `in ${formatDuration(ms)}` : `${formatDuration(ms)} ago`;
}

/** For a countdown that is redrawn each second: `61d 04:03:09`. */
export function countdown(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / SECOND);
  const two = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two);
  return `${days > 0 ? `${days}d ` : ''}${clock.join(':')}`;
}

export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
