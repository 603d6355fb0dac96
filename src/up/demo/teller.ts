import pc from 'picocolors';

/** How the story is told: a chapter, what happens, why, and where to look. */
export interface Teller {
  chapter(title: string, why: string): void;
  step(text: string): void;
  fact(text: string): void;
  link(label: string, url: string): void;
  line(text?: string): void;
}

export function createTeller(write: (text: string) => void): Teller {
  let chapters = 0;
  const out = (text = ''): void => write(`${text}\n`);
  return {
    chapter(title, why) {
      chapters += 1;
      out();
      out(pc.bold(`${chapters}. ${title}`));
      out(pc.dim(`   ${why}`));
    },
    step: (text) => out(`   ${pc.cyan('›')} ${text}`),
    fact: (text) => out(`     ${pc.green('=')} ${text}`),
    link: (label, url) => out(pc.dim(`     ${label}: ${url}`)),
    line: out,
  };
}
