import { exercise } from './area.js';
import { groups } from './groups.js';

exercise(groups);
