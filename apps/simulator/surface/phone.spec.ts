import { exercise } from './area.js';
import { phone } from './phone.js';

exercise(phone);
