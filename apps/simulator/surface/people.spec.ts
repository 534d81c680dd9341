import { exercise } from './area.js';
import { people } from './people.js';

exercise(people);
