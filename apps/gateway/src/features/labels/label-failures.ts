import { needsWhatsApp } from '../sessions/session-commands.service.js';

/** How everything fails that changes labels on WhatsApp. */
export const writesLabels = [...needsWhatsApp, 'unavailable:chat.settings-locked', 'unavailable:chat.settings-busy'];
