/** How one connection of a session is to be. */
export interface ConnectionOptions {
  /** Whether a phone that is linked now shall share everything it remembers. */
  syncFullHistory: boolean;
  /** Whether the account is shown as online while it is connected. */
  isAvailable: boolean;
  /** The proxy with name and password; null for none. */
  proxyUrl: string | null;
  /** How the phone names the session under "Linked devices", and whose icon it shows; counts when it is linked. */
  device: { name: string; browser: string };
}
