/** The tests of what needs a server; without it they are skipped, and it is said why. */
export function describeWith(program: string, isThere: boolean, name: string, tests: () => void): void {
  if (isThere) return describe(name, tests);
  process.stderr.write(`${name} is not tested: there is no ${program} on this machine.\n`);
  describe.skip(name, tests);
}
