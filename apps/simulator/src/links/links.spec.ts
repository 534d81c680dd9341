import type { BinaryNode } from '@whiskeysockets/baileys';
import { useSimulator } from '../../test-kit/use-simulator.js';

describe('short links', () => {
  const world = useSimulator({ seed: 'links' });

  it('lead to a person until they are revoked, and to a business with a text', async () => {
    const [me, shop] = [await world.aClient().pair(world.aNumber()), await world.aContact()];
    const ask = async (type: 'get' | 'set', attrs: Record<string, string>) => {
      const iq = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type, xmlns: 'w:qr' } };
      const answer = (await me.socket.query({ ...iq, content: [{ tag: 'qr', attrs }] })) as BinaryNode;
      return (answer.content as BinaryNode[])[0]!;
    };
    const { code = '' } = (await ask('set', { type: 'contact', action: 'get' })).attrs;
    expect((await ask('set', { type: 'contact', action: 'get' })).attrs).toEqual({ code });
    expect((await ask('get', { code })).attrs).toMatchObject({ type: 'contact', jid: `${me.pn}@s.whatsapp.net` });
    expect((await ask('set', { type: 'contact', action: 'revoke' })).attrs.code).not.toBe(code);
    await expect(ask('get', { code })).rejects.toMatchObject({ data: 404 });
    await expect(ask('set', { type: 'contact', action: 'melt' })).rejects.toMatchObject({ data: 400 });
    const messageLinks = [{ code: 'HELLO1', message: 'I want bread' }];
    await world.patch(`/accounts/${shop.pn}/business`, { verifiedName: 'Mill Lane Bakers', messageLinks });
    const found = await ask('get', { code: 'HELLO1' });
    expect(found.attrs.jid).toBe(`${shop.pn}@s.whatsapp.net`);
    expect(JSON.stringify(found)).toContain('Mill Lane Bakers');
    expect(await world.get(`/accounts/${shop.pn}/business`)).toMatchObject({ messageLinks });
  });
});
