import type { FastifyRequest } from 'fastify';
import type { ReactElement } from 'react';
import { CodePage } from '../../web/customer/code-page.js';
import type { Shell } from '../../web/customer/layout.js';
import { ProblemPage, type Again } from '../../web/customer/problem-page.js';
import { fieldNames } from '../../web/customer/fields.js';
import type { HttpProblem } from '../problems.js';
import { keyOf, one } from './customer-form.js';

type Words = [title: string, text: string];

/** The page that says to a customer what was refused, and what to do. */
export function pageOf(problem: HttpProblem, request: FastifyRequest, shell: Shell): ReactElement {
  const { status, code, message } = problem;
  const { id } = request.params as { id?: string };
  if (id !== undefined && (status === 401 || status === 404))
    return CodePage({ shell, id, wrong: status === 404 });
  const [title, text] = byCode[code] ??
    byStatus[status] ?? [status < 500 ? 'That did not work' : 'Something went wrong on our side', message];
  return ProblemPage({
    shell,
    title,
    text,
    requestId: request.id,
    again: status < 500 ? undefined : again(request),
  });
}

/**
 * A form once more with all that was typed, if it got through to us, under its key: what it did the first time it does
 * not do twice. Else a way back to where it can be filled in.
 */
function again({ method, url, body, params }: FastifyRequest): Again {
  const key = keyOf(body);
  if (method === 'POST' && key) {
    const typed = fieldNames.map((name): [string, string | undefined] => [name, one(body, name)]);
    const fields = typed.filter((field): field is [string, string] => field[1] !== undefined);
    // The answer to a question, too, so that it is not asked again.
    if (one(body, 'again')) fields.push(['again', 'yes']);
    return { address: url, fields: [['key', key], ...fields] };
  }
  const { id } = params as { id?: string };
  return { address: id === undefined ? url : `/order/${encodeURIComponent(id)}`, fields: undefined };
}

const byCode: Record<string, Words> = {
  no_payment: ['That did not work', 'Nothing can be paid on this page.'],
  asked_too_often: [
    'You have asked that many times already',
    'The answer stays the same, so we do not take it once more. Write to us: a person can still do it for you.',
  ],
  database_unavailable: [
    'We cannot look into our records right now',
    'Nothing is lost. Wait a moment, then try again.',
  ],
};

const byStatus: Record<number, Words> = {
  403: [
    'This form came from somewhere else',
    'Open the page again and send the form from there. Nothing was changed.',
  ],
  404: ['There is no such page', 'Perhaps the address was cut off, or the product is not sold any more.'],
  413: ['That was too much text', 'Go back and shorten what you wrote. Nothing was changed.'],
  429: [
    'A little too fast',
    'There were very many requests from your connection. Wait a minute and try again.',
  ],
};
