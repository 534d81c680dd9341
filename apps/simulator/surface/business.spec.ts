import { business } from './business.js';
import { exercise } from './area.js';

exercise(business);
