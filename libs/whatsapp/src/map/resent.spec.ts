import { proto } from '@whiskeysockets/baileys';
import { readInbound } from './inbound-message.js';

describe('messages that the phone hands over later', () => {
  const own = { waId: '6281300000001', lid: '77@lid' };
  const resent = proto.WebMessageInfo.encode({
    key: { remoteJid: '6281300000002@s.whatsapp.net', id: 'LOST1', fromMe: false },
    message: { conversation: 'from an ad' },
    messageTimestamp: 1_900_000_000,
    pushName: 'Ana',
  }).finish();
  const answer = proto.Message.encode({
    protocolMessage: {
      type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
      peerDataOperationRequestResponseMessage: {
        peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes: resent } }],
      },
    },
  }).finish();
  const from = (jid: string) => ({
    key: 'k',
    attrs: { from: jid, id: 'PDO1', t: '1900000100', category: 'peer' },
    plaintext: Buffer.concat([answer, Buffer.from([1])]),
  });

  it('are read as if they had come by themselves', () => {
    expect(readInbound(from('6281300000001@s.whatsapp.net'), own)).toMatchObject({
      messageId: 'LOST1',
      chatId: '6281300000002',
      sender: { waId: '6281300000002', name: 'Ana' },
      fromMe: false,
      text: 'from an ad',
      timestamp: new Date(1_900_000_000_000),
    });
  });

  it('are not taken from anybody else', () => {
    expect(readInbound(from('6281399999999@s.whatsapp.net'), own)).toBeNull();
  });
});
