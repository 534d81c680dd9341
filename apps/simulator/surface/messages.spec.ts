import { exercise } from './area.js';
import { messages } from './messages.js';

exercise(messages);
