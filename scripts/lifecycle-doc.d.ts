export function lifecycleDoc(): Promise<string>;
