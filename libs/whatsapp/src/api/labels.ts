import { toJid } from '../map/jid.js';
import { type LabelAssignmentSetting, type LabelSetting, readLabelSetting } from '../updates/labels.js';
import type { AppState, NewSetting } from './app-state.js';

/** A label as it is to be. */
export type WantedLabel = Pick<LabelSetting, 'labelId' | 'name' | 'color' | 'isDeleted'>;
/** A label that is to be put on a chat or a message, or taken off. */
export type WantedAssignment = Pick<LabelAssignmentSetting, 'labelId' | 'chatId' | 'messageId' | 'isAssigned'>;

/** A setting of labels that WhatsApp has taken; `stored` is to be called once it is stored here too. */
export interface WrittenLabel {
  setting: LabelSetting | LabelAssignmentSetting;
  stored(): void;
}

/** The labels of the account. */
export class LabelsApi {
  constructor(private readonly appState: AppState) {}

  edit({ labelId, name, color, isDeleted }: WantedLabel): Promise<WrittenLabel> {
    const syncAction = { labelEditAction: { name, color, deleted: isDeleted } };
    return this.write({ ...FORMAT, index: ['label_edit', labelId], syncAction });
  }

  assign({ labelId, chatId, messageId, isAssigned }: WantedAssignment): Promise<WrittenLabel> {
    const syncAction = { labelAssociationAction: { labeled: isAssigned } };
    const index =
      messageId === null
        ? ['label_jid', labelId, toJid(chatId)]
        : ['label_message', labelId, toJid(chatId), messageId, '0', '0'];
    return this.write({ ...FORMAT, index, syncAction });
  }

  private async write(setting: NewSetting): Promise<WrittenLabel> {
    const written = await this.appState.write(setting);
    const read = readLabelSetting(written.entry);
    if (!read) throw new Error(`${setting.index[0]} is no setting of a label`);
    return { setting: read, stored: () => written.stored() };
  }
}

const FORMAT = { type: 'regular' as const, apiVersion: 3 };
