import type { Command } from 'commander';
import type { SignInLink } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { examples } from './arguments.js';

export function addSignIn(program: Command, kit: Kit): void {
  const command = program
    .command('sign-in')
    .summary('a link that signs a browser in')
    .description(
      'Prints a link that signs one browser in, once, with the key of this command line: to the console, or to read ' +
        'orders in the Temporal Web UI.',
    )
    .option('--temporal', 'lead to the Temporal Web UI')
    .action(
      kit.action(async ({ api, output }, { temporal }: { temporal?: boolean }) => {
        const body = { to: temporal ? 'temporal' : 'console' };
        const { body: link } = await api.post<SignInLink>('/sign-in-links', { doing: 'get a link', body });
        await output.answer(link, () => link.url);
        output.note(`Works once, until ${link.expiresAt}.`);
      }),
    );
  examples(command, 'sign-in', 'sign-in --temporal', 'sign-in --json');
}
