import { exercise } from './area.js';
import { newsletters } from './newsletters.js';

exercise(newsletters);
