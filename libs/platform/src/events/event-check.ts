import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { eventCatalogue, type NewEvent } from './event-map.js';
import { eventSchemas } from './event-schemas.js';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Holds events against the catalogue. Costs more than to record them, hence a matter of settings. */
export class EventCheck {
  private readonly ajv = new Ajv2020({ allowUnionTypes: true, formats: { 'date-time': RFC_3339 } });

  constructor() {
    this.ajv.addSchema({ $id: 'events', $defs: eventSchemas() });
  }

  /** Throws when an event carries what its type does not say, or lacks what it says. */
  run(event: NewEvent): void {
    const { type, data } = event;
    const validate = this.validatorOf(eventCatalogue[type].data.name);
    // As it will be stored: what is undefined is not there.
    if (validate(JSON.parse(JSON.stringify(data)))) return;
    throw new Error(`${type} is not as the catalogue says: ${this.ajv.errorsText(validate.errors)}`);
  }

  private validatorOf(name: string): ValidateFunction {
    const validate = this.ajv.getSchema(`events#/$defs/${name}`);
    if (!validate) throw new Error(`there is no schema ${name}`);
    return validate;
  }
}
