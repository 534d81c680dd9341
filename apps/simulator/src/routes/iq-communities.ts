import type { GroupService } from '../groups/group-service.js';
import { groupEntry, groupStanza } from '../groups/group-stanzas.js';
import type { Group } from '../groups/group.js';
import { demandMember } from '../groups/rights.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import { groupAt, jidsIn, outcomeStanzas } from './iq-groups.js';
import type { IqRouter } from './iq-router.js';

/** Founding groups and communities, and which groups a community consists of. */
export function routeCommunities(router: IqRouter, service: GroupService): void {
  const { communities, groups } = service;
  router.on('set w:g2 create', ({ account }, body) =>
    child(body, 'parent') ? [foundCommunity(service, account, body)] : [foundGroup(service, account, body)],
  );
  router.on('set w:g2 links', ({ account }, body, iq) => {
    const community = groupAt(service, iq.attrs.to);
    const links = children(body, 'link').flatMap((link) => children(link, 'group'));
    const groups = links.map(({ attrs }) => groupAt(service, attrs.jid));
    communities.link(community, account, groups);
    return [body];
  });
  router.on('set w:g2 unlink', ({ account }, body, iq) => {
    const community = groupAt(service, iq.attrs.to);
    for (const { attrs } of children(body, 'group'))
      communities.unlink(community, account, groupAt(service, attrs.jid));
    return [body];
  });
  router.on('get w:g2 sub_groups', ({ account }, _body, iq) => {
    const community: Group = groupAt(service, iq.attrs.to);
    demandMember(community, account);
    return [stanza('sub_groups', {}, groups.within(community).map(groupEntry))];
  });
  router.on('set w:g2 delete_parent', ({ account }, _body, iq) =>
    communities.deactivate(groupAt(service, iq.attrs.to), account),
  );
}

function foundGroup(service: GroupService, founder: Account, body: Stanza): Stanza {
  const parent = child(body, 'linked_parent')?.attrs.jid;
  const { group, outcomes } = service.founding.group(founder, {
    subject: body.attrs.subject ?? '',
    people: jidsIn(body),
    community: parent === undefined ? undefined : groupAt(service, parent),
    key: body.attrs.key,
  });
  const rejected = outcomes.filter(({ error }) => error !== undefined);
  return groupStanza(group, 'group', outcomeStanzas(group, rejected));
}

function foundCommunity(service: GroupService, founder: Account, body: Stanza): Stanza {
  const description = child(body, 'description');
  const text = contentText(child(description, 'body'));
  const community = service.founding.community(founder, {
    subject: body.attrs.subject ?? '',
    description: description && { id: description.attrs.id ?? '', text },
    generalChat: child(body, 'create_general_chat') !== undefined,
    openToNewGroups: child(body, 'allow_non_admin_sub_group_creation') !== undefined,
  });
  return groupStanza(community);
}
