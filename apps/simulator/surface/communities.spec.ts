import { exercise } from './area.js';
import { communities } from './communities.js';

exercise(communities);
