/** The least a workflow can be: what the server itself costs. */
export async function floor(): Promise<void> {}
