/** Something to wait for until the connection is far enough, or has closed. */
export function pairingGate(): { promise: Promise<void>; ready: () => void; fail: (error: Error) => void } {
  let ready: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => ([ready, fail] = [resolve, reject]));
  promise.catch(() => undefined); // nobody may be waiting
  return { promise, ready, fail };
}
