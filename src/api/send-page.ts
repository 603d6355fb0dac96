import type { FastifyReply } from 'fastify';
import { render } from '../web/customer/layout.js';

export const sendPage = (reply: FastifyReply, page: Parameters<typeof render>[0]): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(render(page));
