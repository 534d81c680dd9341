import type { IqRouter } from '../routes/iq-router.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Bots } from './bots.js';

/** What a bot says about itself; nothing for people. */
export function botProfile(bots: Bots, account: Account): Stanza | undefined {
  const bot = bots.all.find((known) => known.account === account);
  if (!bot) return undefined;
  const leaf = (tag: string, text: string): Stanza => stanza(tag, {}, Buffer.from(text));
  const command = stanza('command', {}, [leaf('name', '/help'), leaf('description', 'Says what it can do')]);
  const prompt = stanza('prompt', {}, [leaf('emoji', '👋'), leaf('text', 'Say hello')]);
  const said = [
    leaf('name', account.name),
    leaf('description', `${account.name} is a bot`),
    leaf('category', 'General'),
  ];
  const lists = [
    stanza('commands', {}, [leaf('description', 'What it understands'), command]),
    stanza('prompts', {}, [prompt]),
  ];
  return stanza('bot', {}, [stanza('profile', { persona_id: bot.personaId }, [...said, ...lists])]);
}

/** The list of bots a client can offer. */
export function routeBots(router: IqRouter, bots: Bots): void {
  router.on('get bot bot', () => {
    const entries = bots.all.map(({ jid, personaId }) => stanza('bot', { jid, persona_id: personaId }));
    return [stanza('bot', { v: 2 }, [stanza('section', { name: 'All', type: 'all' }, entries)])];
  });
}
