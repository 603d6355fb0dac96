import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openStream, type Word } from './stream.js';

/** What the page believes to be the browser's: streams that say what a test lets them say. */
class Source extends EventTarget {
  static all: Source[] = [];
  static get last(): Source {
    return Source.all.at(-1)!;
  }
  onopen?: () => void;
  onerror?: () => void;
  closed = false;
  constructor() {
    super();
    Source.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  say(name: string): void {
    this.dispatchEvent(new MessageEvent(name, { data: '{}' }));
  }
}

let heard: Word['name'][];
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Source);
  const browser = new EventTarget();
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  heard = [];
  Source.all = [];
  stop = openStream(({ name }) => heard.push(name));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a connection that has gone silent is lost, and opened anew', () => {
  const first = Source.last;
  first.onopen?.();
  for (let seconds = 0; seconds < 120; seconds += 15) {
    vi.advanceTimersByTime(15_000);
    first.say('ping');
  }
  expect(heard).not.toContain('lost');
  vi.advanceTimersByTime(40_000);
  expect(heard.at(-1)).toBe('lost');
  expect(first.closed).toBe(true);
  vi.advanceTimersByTime(1_000);
  Source.last.onopen?.();
  expect([Source.all.length, heard.at(-1)]).toEqual([2, 'open']);
});

it('so is one that never opens, and one that breaks', () => {
  vi.advanceTimersByTime(40_000);
  expect(heard).toEqual(['lost']);
  vi.advanceTimersByTime(1_000);
  Source.last.onopen?.();
  Source.last.onerror?.();
  expect(heard).toEqual(['lost', 'open', 'lost']);
});

it('says nothing more after its end', () => {
  stop();
  vi.advanceTimersByTime(600_000);
  expect([heard, Source.all.length]).toEqual([[], 1]);
});
