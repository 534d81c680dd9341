import type { BinaryNode } from '@whiskeysockets/baileys';
import { noticesIn } from './read-notice.js';

const node = (tag: string, attrs: BinaryNode['attrs'] = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content !== undefined && { content }),
});
const at = new Date(1_900_000_000_000);
const t = '1900000000';

describe('what WhatsApp tells beside messages', () => {
  const group = (child: BinaryNode, attrs: BinaryNode['attrs'] = {}) =>
    noticesIn(node('notification', { type: 'w:gp2', from: '120363000000000001@g.us', id: '1', t, ...attrs }, [child]));

  it('names everybody by phone number and LID, in groups of either kind', () => {
    const member = { jid: '11@lid', phone_number: '6281300000002@s.whatsapp.net' };
    const [notice] = group(node('promote', {}, [node('participant', member)]), {
      participant: '22@lid',
      participant_pn: '6281300000001@s.whatsapp.net',
      notify: 'Ana',
    });
    expect(notice).toEqual({
      chatId: '120363000000000001@g.us',
      by: { waId: '6281300000001', phone: '6281300000001', lid: '22@lid', name: 'Ana' },
      people: [{ waId: '6281300000002', phone: '6281300000002', lid: '11@lid', name: null }],
      at,
      fact: { kind: 'group-participants', change: 'promoted' },
    });
    const old = { jid: '6281300000002@s.whatsapp.net', lid: '11@lid' };
    expect(group(node('demote', {}, [node('participant', old)]))[0]?.people).toEqual(notice?.people);
  });

  it.each([
    ['add', {}, '22@lid', 'joined'],
    ['add', { reason: 'invite' }, '33@lid', 'joined'],
    ['add', {}, '33@lid', 'added'],
    ['remove', {}, '22@lid', 'left'],
    ['remove', {}, '33@lid', 'removed'],
    ['leave', {}, '22@lid', 'left'],
    ['modify', {}, '33@lid', 'number-changed'],
  ])('tells who does what to whom: %s %j of %s', (tag, attrs, jid, change) => {
    const [notice] = group(node(tag, attrs, [node('participant', { jid })]), { participant: '22@lid' });
    expect(notice?.fact).toEqual({ kind: 'group-participants', change });
  });

  it('reads new groups, added ones and those of communities', () => {
    const create = (attrs: BinaryNode['attrs']) =>
      group(
        node('create', attrs, [
          node('group', { id: '1', subject: 'Choir', creation: t }, [
            node('participant', { jid: '22@lid', type: 'superadmin' }),
            node('participant', { jid: '33@lid' }),
            node('linked_parent', { jid: '120363000000000009@g.us' }),
            node('ephemeral', { expiration: '86400' }),
          ]),
        ]),
      )[0];
    expect(create({ type: 'new' })?.fact).toEqual({
      kind: 'group-created',
      how: 'founded',
      features: { subject: 'Choir', communityId: '120363000000000009@g.us', disappearingSeconds: 86_400 },
      roles: ['superadmin', 'member'],
      foundedAt: at,
      group: expect.objectContaining({
        groupId: '1@g.us',
        subject: 'Choir',
        disappearingSeconds: 86_400,
        size: 2,
      }) as unknown,
    });
    expect(create({})?.fact).toMatchObject({ how: 'added' });
    expect(create({ reason: 'invite' })).toMatchObject({ fact: { how: 'joined' }, people: [{}, { lid: '33@lid' }] });
  });

  it('says nothing of what nobody needs to know', () => {
    expect(group(node('growth_locked'))).toEqual([]);
    expect(noticesIn(node('notification', { type: 'encrypt', from: 's.whatsapp.net' }, [node('count')]))).toEqual([]);
    expect(noticesIn(node('call', { from: '22@lid', t }, [node('transport', { 'call-id': 'C' })]))).toEqual([]);
    expect(noticesIn(node('notification', { type: 'picture', from: '22@lid' }, [node('request')]))).toEqual([]);
  });

  it('reads calls that are only announced, as those of big groups', () => {
    const offer = { 'call-id': 'C', 'call-creator': '22@lid', media: 'video', 'group-jid': '120363000000000001@g.us' };
    const [notice] = noticesIn(node('call', { from: '120363000000000001@g.us', t }, [node('offer_notice', offer)]));
    expect(notice).toMatchObject({
      chatId: '120363000000000001@g.us',
      people: [{ lid: '22@lid' }],
      fact: { step: 'offer', isVideo: true, groupId: '120363000000000001@g.us' },
    });
  });

  describe('about newsletters', () => {
    const from = '120363000000000005@newsletter';
    const mex = (body: unknown, op_name = 'NotificationNewsletterUpdate') =>
      noticesIn(
        node('notification', { type: 'mex', from, id: '1', t }, [
          node('update', { op_name }, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))),
        ]),
      ).map(({ fact }) => fact);

    it('comes as the answer of a query of its own', () => {
      const metadata = { name: { text: 'Bread' }, description: { text: 'Daily' }, picture: null };
      expect(mex({ data: { xwa2_notify_newsletter_on_join: { id: from, thread_metadata: metadata } } })).toEqual([
        { kind: 'newsletter-joined', features: { name: 'Bread', description: 'Daily', picture: 'removed' } },
      ]);
      expect(mex({ data: { xwa2_notify_newsletter_on_mute_change: { id: from, mute: 'on' } } })).toEqual([
        { kind: 'newsletter-muted', isMuted: true },
      ]);
      expect(mex({ data: { xwa2_notify_newsletter_on_leave: { id: from } } })).toEqual([
        { kind: 'newsletter-left', reason: 'left' },
      ]);
      const state = { id: from, state: { type: 'SUSPENDED' } };
      expect(mex({ data: { xwa2_notify_newsletter_on_state_change: state } })).toEqual([
        { kind: 'newsletter-updated', features: { state: 'suspended' } },
      ]);
    });

    it.each([['no JSON'], ['null'], [{}], [{ data: { other: {} } }], [{ updates: [{ jid: 'x@lid' }] }]])(
      'means nothing when it is %j',
      (body) => {
        expect(mex(body)).toEqual([]);
      },
    );

    it('has figures of many posts in one', () => {
      const posts = node('messages', {}, [
        node('message', { server_id: '100' }, [
          node('views_count', { count: '12' }),
          node('reactions', {}, [node('reaction', { code: '👍', count: '3' })]),
        ]),
        node('message', { server_id: '101' }),
      ]);
      const [notice] = noticesIn(
        node('notification', { type: 'newsletter', from, t }, [node('live_updates', {}, [posts])]),
      );
      expect(notice?.fact).toEqual({
        kind: 'newsletter-live',
        posts: [
          { serverId: '100', views: 12, reactions: { '👍': 3 } },
          { serverId: '101', views: null, reactions: null },
        ],
      });
    });
  });

  it('are looks at statuses, but no other receipts', () => {
    const receipt = (attrs: BinaryNode['attrs']) =>
      noticesIn(node('receipt', { id: 'A', t, from: 'status@broadcast', participant: '22@lid', ...attrs }));
    expect(receipt({ type: 'read' })).toMatchObject([
      { by: { lid: '22@lid' }, fact: { kind: 'status-viewed', messageIds: ['A'], viewerId: '22@lid' } },
    ]);
    const others: BinaryNode['attrs'][] = [{}, { type: 'retry' }, { type: 'read', from: '120363000000000001@g.us' }];
    expect(others.flatMap(receipt)).toEqual([]);
  });

  it('tells every person of a list of blocked ones', () => {
    const items = [
      node('item', { jid: '22@lid', pn_jid: '6281300000002@s.whatsapp.net', action: 'block' }),
      node('item', { jid: '33@lid', action: 'unblock' }),
    ];
    const notices = noticesIn(
      node('notification', { type: 'account_sync', from: 's.whatsapp.net', t }, [node('blocklist', {}, items)]),
    );
    expect(notices.map(({ people, fact }) => [people[0]?.waId, fact])).toEqual([
      ['6281300000002', { kind: 'contact-blocked', isBlocked: true }],
      ['33@lid', { kind: 'contact-blocked', isBlocked: false }],
    ]);
  });
});
