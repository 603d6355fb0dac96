export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: JsonSchema;
}

export interface Operation {
  method: string;
  /** With `{id}`, as OpenAPI writes it. */
  path: string;
  parameters: Parameter[];
  body: JsonSchema | undefined;
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: JsonSchema }> }>;
}

export interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<
    string,
    Record<
      string,
      {
        summary?: string;
        parameters?: Parameter[];
        requestBody?: { content: Record<string, { schema: JsonSchema }> };
        responses: Operation['responses'];
      }
    >
  >;
  components: { responses?: Operation['responses']; schemas?: Record<string, JsonSchema> };
}

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content['application/json']?.schema,
      responses: operation.responses,
    })),
  );
}

/** The app's own routes, read from its router: `GET /api/orders/:id`. */
export function routesOf(printed: string): string[] {
  const routes: string[] = [];
  const above: string[] = [];
  for (const line of printed.split('\n')) {
    const match = /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line);
    if (!match) continue;
    const depth = (match[1] ?? '').length / 4;
    const parent = depth === 0 ? '' : (above[depth - 1] ?? '');
    above[depth] = `${parent}${match[2]}`.replaceAll('//', '/');
    for (const method of match[3]?.split(', ') ?? []) routes.push(`${method} ${above[depth]}`);
  }
  return routes;
}
