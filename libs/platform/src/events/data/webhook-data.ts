import { Has, text, time } from './schema.js';

export class WebhookDisabledData {
  @Has(text) webhookId: string;
  @Has(text) url: string;
  @Has(time, 'Since when every attempt failed.') failingSince: string;
}

export class TestData {
  @Has(text) webhookId: string;
  @Has(text) text: string;
}
