import { GatewayProcess } from './gateway-process.js';
import { SimulatorProcess } from './simulator-process.js';

/** A simulator and a built gateway, each in a process of its own, for the tests of one file. */
export function useStack(env: Record<string, string> = {}): Stack {
  const stack = new Stack();
  beforeAll(async () => {
    stack.simulator = await SimulatorProcess.start();
    stack.gateway = await GatewayProcess.start(stack.simulator, env);
  });
  afterAll(async () => {
    await stack.gateway?.dispose();
    await stack.simulator?.stop();
  });
  return stack;
}

export class Stack {
  simulator: SimulatorProcess;
  gateway: GatewayProcess;
  private phones = 0;

  /** A phone number nobody has yet. */
  aPhone(): string {
    return `6281300${String(++this.phones).padStart(6, '0')}`;
  }
}
