import { exercise } from './area.js';
import { media } from './media.js';

exercise(media);
