import type { BinaryNode } from '@whiskeysockets/baileys';
import { readGroup, readOutcome } from './read-group.js';

const node = (tag: string, attrs: BinaryNode['attrs'] = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  content,
});
const ana = { jid: '11@lid', phone_number: '6281300000001@s.whatsapp.net' };

describe('a group', () => {
  it('is read with its settings and people', () => {
    const group = readGroup(
      node('group', { id: '1', subject: 'Choir', s_t: '1900000000', addressing_mode: 'lid', creator: '11@lid' }, [
        node('participant', { ...ana, type: 'superadmin' }),
        node('participant', { jid: '22@lid' }),
        node('participant', { jid: '33@lid', error: '403' }, [
          node('add_request', { code: 'C', expiration: '1900000000' }),
        ]),
        node('description', { id: 'D', participant: '22@lid' }, [node('body', {}, Buffer.from('We sing'))]),
        node('announcement'),
        node('member_add_mode', {}, Buffer.from('all_member_add')),
        node('membership_approval_mode', {}, [node('group_join', { state: 'off' })]),
        node('linked_parent', { jid: '9@g.us' }),
      ]),
    );
    expect(group).toMatchObject({
      groupId: '1@g.us',
      subjectAt: '2030-03-17T17:46:40.000Z',
      description: 'We sing',
      descriptionById: '22@lid',
      ownerId: '11@lid',
      addressing: 'lid',
      isAnnouncement: true,
      isLocked: false,
      membersMayAdd: true,
      needsApproval: false,
      communityId: '9@g.us',
      size: 2,
    });
    expect(group.members).toEqual([
      { id: '11@lid', phone: '6281300000001', lid: '11@lid', role: 'superadmin' },
      { id: '22@lid', phone: null, lid: '22@lid', role: 'member' },
    ]);
    expect(group.refused).toMatchObject([{ id: '33@lid', refusal: 403, invite: { code: 'C' } }]);
  });

  it('has no description when that was taken away, and outcomes without a refusal are done', () => {
    expect(readGroup(node('group', { id: '1' }, [node('description', { delete: 'true' })])).description).toBeNull();
    expect(readOutcome(node('participant', ana))).toMatchObject({ refusal: null, invite: null });
    expect(readOutcome(node('participant', { ...ana, error: '200' })).refusal).toBeNull();
  });
});
