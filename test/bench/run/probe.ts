import { serve } from './ipc.js';
import { usageCommands } from './usage.js';

// Loaded with --import in front of the gateway, which knows nothing of it.
serve(usageCommands);
process.channel?.unref();
