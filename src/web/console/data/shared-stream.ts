import { openStream, type Word } from './stream.js';

/**
 * Runs once for all pages of a browser, which has six connections to one place and no more: a stream for each page would
 * leave the sixth none to ask anything with.
 */
const pages = new Set<MessagePort>();
let state: Word | undefined;

openStream((word) => {
  if (word.name === 'open' || word.name === 'lost') state = word;
  for (const page of pages) page.postMessage(word);
});

addEventListener('connect', (event) => {
  const [page] = (event as MessageEvent).ports;
  if (!page) return;
  pages.add(page);
  // Where browsers do not tell of a page that has gone, what is said to it is lost, and costs nothing.
  page.addEventListener('close', () => pages.delete(page));
  if (state) page.postMessage(state);
});
