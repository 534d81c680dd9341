import { exercise } from './area.js';
import { core } from './core.js';

exercise(core);
