/** A command to a child process and its answer, matched by id. */
export interface Order {
  id: number;
  command: string;
  argument: unknown;
}

export interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

type Command = (argument: never) => unknown;

/** In a child: answers the parent's orders, and ends with the parent. */
export function serve(commands: Record<string, Command>): void {
  process.on('message', (order: Order) => void answer(commands, order));
  process.once('disconnect', () => process.exit(0));
}

async function answer(commands: Record<string, Command>, { id, command, argument }: Order): Promise<void> {
  const reply: Reply = { id };
  try {
    const run = commands[command];
    if (!run) throw new Error(`there is no command ${command}`);
    reply.result = await run(argument as never);
  } catch (error) {
    reply.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  process.send?.(reply);
}
